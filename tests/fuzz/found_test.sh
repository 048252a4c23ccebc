#!/usr/bin/env bash
# Targets find their bugs, the twins nothing; what libFuzzer keeps of a finding shows it again,
# without libFuzzer and under the command.
#
#   found_test.sh <heddle> <folder of heddle_fuzz> <command of programs/> <folder of its targets>
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"
heddle=$1 folder=$2 own_command=$3 own_folder=$4
cd "$work" || exit 1

# From a seed all of libFuzzer follows, and so how many runs it takes. Without a fixed seed these
# bugs are found within a twentieth of the bound.
runs=40000

# finds <first line> <folder> <command> <target>
finds() {
    local line=$1 folder=$2 command=$3 target=$4 input code
    rm -f crash-*
    "$folder/targets/$target" -runs=$runs -seed=1 >log 2>&1
    code=$?
    input=$(find . -name 'crash-*' -printf '%f\n')
    if [ $code -ne 77 ] || ! grep -qE "^$line" log || ! [ -s "$input" ]; then
        tail -n 40 log
        echo "exit $code of $target, input: $input"
        return 1
    fi
    "$folder/replays/$target" "$input" >replayed 2>&1 && return 1
    grep -E "^$line" replayed >first || return 1
    "$command" replay "$target" --input="$input" >shown 2>&1
    code=$?
    # The same finding to the letter.
    if [ $code -ne 1 ] || ! grep -qFx "$(cat first)" shown; then
        cat first shown
        return 1
    fi
    echo "exit $code: $(cat first)"
}

expect "a deadlock" 0 '^exit 1:' finds 'deadlock' "$folder" "$heddle" dining_philosophers
expect "a failed expectation" 0 '^exit 1:' finds 'failure in thread 0' "$folder" "$heddle" \
    item_increment
expect "a double free" 0 '^exit 1:' finds 'double free' "$folder" "$heddle" \
    freed_twice_by_racing_releases
expect "a livelock" 0 '^exit 1:' finds 'livelock' "$folder" "$heddle" polite_philosophers
expect "the canary" 0 '^exit 1:' finds '(data race|deadlock)' "$own_folder" "$own_command" canary

# twin <folder> <target>: nothing is found, and all that was learned runs without libFuzzer.
twin() {
    rm -rf corpus && mkdir corpus
    "$1/targets/$2" -runs=10000 -seed=1 corpus 2>&1 && "$1/replays/$2" corpus
}

for target in dining_philosophers michael_scott_free_list lost_update; do
    expect "the twin of $target" 0 '^[1-9][0-9]* inputs replayed$' twin "$folder" $target-fixed
done

# All twins, in one sweep. Nothing is a finding here, so nothing ends before its last run.
all_twins() {
    local target
    for target in "$folder"/targets/*-fixed "$own_folder"/targets/*-fixed; do
        "$target" -runs=300 -seed=1 >log 2>&1 || {
            tail -n 40 log
            echo "reproduce: $target -runs=300 -seed=1"
            return 1
        }
        grep -q '^Done 300 runs' log || return 1
    done
    echo "all are clean"
}
rm -f crash-*
expect "all twins are clean" 0 '^all are clean$' all_twins
expect "no twin leaves an artifact" 0 '^0$' bash -c 'ls | grep -c crash- || true'

[ "$failures" -eq 0 ]
