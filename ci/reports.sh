# Reports of what was found, for people and for CI. Sourced, in the top folder of the tree.
# shellcheck shell=bash disable=SC2034

# What `ci/run hunt' and `ci/run test' found is here, in a folder each.
reports=build/report

# write_report <folder> <heddle> <records or log>...: in all formats. If that fails, what it would
# have been made of is still there, and the command that makes it is printed. That there is
# nothing to read, which is said, is no failure here: a test may fail without a word from a
# sanitizer. There is a report then.
write_report() {
    local folder=$1 heddle=$2
    local command=("$heddle" report "${@:3}" "--output=$folder" "--root=$PWD")

    rm -f "$folder/report.html"
    if ! "${command[@]}" >/dev/null && ! [ -f "$folder/report.html" ]; then
        echo "there is no report of what was found: see above"
        echo "reproduce: ${command[*]}"
        return
    fi
    tell_github "$folder"
    echo "report: $PWD/$folder/report.html"
}

# On GitHub: remarks beside the lines of a change, and the page of the job.
tell_github() {
    local folder=$1
    [ "${GITHUB_ACTIONS:-}" = true ] || return
    cat "$folder/annotations.txt"
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
}

# collect_failed <build folder> <folder>: the output of each test that failed in the last run of
# ctest, as <folder>/<test>.log: what sanitizers had to say is in there.
collect_failed() {
    local test
    mkdir -p "$2"
    failed_tests "$1" | while read -r test; do
        awk -v test="$test" '
            /^[0-9]+\/[0-9]+ Testing: / { is_it = $3 == test; is_output = 0 }
            is_output && /^<end of output>$/ { is_output = 0 }
            is_output { print }
            is_it && /^Output:$/ { getline; is_output = 1; is_it = 0 }
        ' "$1/Testing/Temporary/LastTest.log" >"$2/$test.log"
    done
}
