#!/usr/bin/env bash
# `ci/run hunt' and `ci/run test' leave a report, however they end; in a tree of stubs.
# shellcheck disable=SC2016 # the stubs are programs
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/expect.sh"

unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
tree=$work/tree
mkdir -p "$tree/ci/report" "$tree/fuzz"
cp -r "$top"/ci/{run,packages,*.sh,commands} "$tree/ci"
printf '#!/bin/sh\n' >"$tree/ci/commands/setup"
cd "$tree" || exit 3
run() { PATH="$work/bin:$PATH" "$tree/ci/run" "$@"; }

# heddle writes a record of each verify, and lists what it is asked to report. It and the campaigns
# then do as ./verify and ./campaign say.
stub heddle 'case $1 in
verify)
    for word; do case $word in --json=*) records=${word#--json=} ;; esac; done
    echo "{}" >"$records/one.json"
    . ./verify ;;
report)
    [ -e ./report_fails ] && { echo "heddle: cannot write: no space left" >&2; exit 3; }
    for word; do case $word in --output=*) folder=${word#--output=} ;; esac; done
    mkdir -p "$folder"
    for word; do [ ! -d "$word" ] || find "$word" -type f; done >"$folder/report.html"
    echo "::error file=a.c,line=1::data race" >"$folder/annotations.txt"
    echo "# one finding" >"$folder/summary.md"
    echo "$folder/report.html" ;;
esac'
printf '#!/bin/bash\n. ./campaign\n' >"$tree/fuzz/campaign"
chmod +x fuzz/campaign ci/commands/setup
for preset in explore fuzz; do
    mkdir -p "build/$preset"
    cp "$work/bin/heddle" "build/$preset/heddle"
done
stub cmake 'exit 0'

hunt_report=$tree/build/report/hunt/report.html
echo 'exit 0' >verify
echo 'for word; do
    case $word in build/hunt/*) mkdir -p "$word"; echo "{}" >"$word/x.json" ;; esac
done
[[ $* != *build/hunt/deep* ]]' >campaign

expect "a hunt that is clean" 0 '^==> campaign: twins' run hunt
expect "ends with where its report is" 0 "^report: $hunt_report\$" \
    bash -c "PATH='$work/bin:$PATH' ci/run hunt | tail -n 1"
expect "which has what was found" 0 '^build/report/hunt/records/one.json$' cat "$hunt_report"
expect "also by the campaigns" 0 '^build/hunt/deep/x.json$' cat "$hunt_report"
expect "on no other machine than GitHub's, remarks" 1 '' \
    bash -c "PATH='$work/bin:$PATH' ci/run hunt | grep '^::error'"

touch build/report/hunt/records/old.json
echo 'echo "lost_update WRONG"; exit 1' >verify
expect "a hunt that fails" 1 "^report: $hunt_report\$" run hunt lost_update
expect "does not report what an earlier one found" 1 '' grep old.json "$hunt_report"
expect "nor its campaigns" 1 '' grep build/hunt "$hunt_report"
echo 'kill -SEGV $$' >verify
expect "a hunt whose command dies" 3 "^report: $hunt_report\$" run hunt lost_update
echo 'exit 0' >verify
stub cmake '[[ $* != *fuzz* ]]'
expect "a hunt that cannot be finished" 3 "^report: $hunt_report\$" run hunt
stub cmake 'exit 0'

echo 'touch begun; sleep 60' >verify
interrupt() {
    rm -f begun
    PATH="$work/bin:$PATH" "$tree/ci/run" hunt >"$work/interrupted" 2>&1 &
    while [ ! -e begun ]; do sleep 0.05; done
    kill -TERM $!
    wait $!
}
expect "an interrupted hunt says so" 130 '' interrupt
expect "and ends as others do" 0 "^report: $hunt_report\$" tail -n 1 "$work/interrupted"
expect "reports what it had found" 0 'records/one.json' cat "$hunt_report"

echo 'exit 0' >verify
: >"$work/page"
expect "on GitHub, remarks are printed" 0 '^::error file=a.c,line=1::data race' env \
    GITHUB_ACTIONS=true "GITHUB_STEP_SUMMARY=$work/page" "PATH=$work/bin:$PATH" ci/run hunt x
expect "and the page of the job has the summary" 0 '^# one finding$' cat "$work/page"
expect "of which there need be none" 1 '' env GITHUB_ACTIONS=true "PATH=$work/bin:$PATH" \
    bash -c "ci/run hunt x 2>&1 | grep GITHUB_STEP_SUMMARY"
touch report_fails
expect "a report that cannot be written changes no exit code" 0 'no space left' run hunt x
expect "and can be made again" 0 '^reproduce: build/explore/heddle report .*report/hunt' run hunt x
rm report_fails
run hunt x >/dev/null

# ---- ci/run test ---------------------------------------------------------------------------------

stub ctest 'while [ $# -gt 0 ]; do
    case $1 in
    --preset) preset=$2 ;;
    --output-log) log=$2 ;;
    --output-junit) junit=$2 ;;
    esac
    shift
done
mkdir -p "build/$preset/Testing/Temporary"
cp last_test.log "build/$preset/Testing/Temporary/LastTest.log"
echo "<testsuite/>" >"$junit"
{
    if [ "$preset" = tsan ]; then
        echo "3:race.test" >"build/$preset/Testing/Temporary/LastTestsFailed.log"
        echo "66% tests passed, 1 tests failed out of 3"
        echo "[ERROR_MESSAGE] "
        echo "Errors while running CTest"
    else
        echo "100% tests passed, 0 tests failed out of 3"; echo; echo "Total Test time (real) = 1 s"
    fi
} | tee "$log"
[ "$preset" != tsan ]'
frame=----------------------------------------------------------
cat >last_test.log <<LOG
Start testing: Nov 22 00:40 UTC
$frame
2/3 Testing: a.race.test
2/3 Test: a.race.test
Output:
$frame
WARNING: ThreadSanitizer: it is meant to be
<end of output>
$frame
Test Passed.
3/3 Testing: race.test
3/3 Test: race.test
Output:
$frame
WARNING: ThreadSanitizer: data race
Output:
of the test
<end of output>
Test time =   0.03 sec
LOG

test_report=$tree/build/report/test/report.html
last() { PATH="$work/bin:$PATH" ci/run test "$@" 2>&1 | tail -n 1; }
expect "tests that pass" 0 "^report: $test_report\$" run test --preset dev --preset explore
printf '#!/bin/sh\n[ "$1" != --web ]\n' >ci/commands/setup
expect "also without a browser" 0 'tests of the HTML report will fail' run test --preset explore
expect "are JUnit's" 0 testsuite cat build/report/test/ctest/explore.xml
expect "and end as CTest does" 0 '^Total Test time' last --preset dev
expect "a preset that fails fails" 1 "^report: $test_report\$" run test --preset tsan --preset dev
expect "without the marks of CTest's log" 1 '' bash -c \
    "PATH='$work/bin:$PATH' ci/run test --preset tsan | tail -n 3 | grep ERROR_MESSAGE"
expect "and has the last word" 0 '^Errors while running CTest' last --preset tsan --preset dev
expect "its failing tests are reported" 0 'failed/tsan/race.test.log' cat "$test_report"
expect "with all they printed" 0 '^of the test$' cat build/report/test/failed/tsan/race.test.log
expect "but no line more" 0 '^3 ' wc -l build/report/test/failed/tsan/race.test.log
expect "and no other test" 0 '^1$' bash -c "find build/report/test/failed -type f | wc -l"
expect "the hunt's report is still there" 0 records/one.json cat "$hunt_report"
rm build/explore/heddle build/fuzz/heddle
expect "without a heddle there is no report" 0 '^dev: 100% tests passed' run test --preset dev
expect "which is no failure" 1 '' test -e "$test_report"
stub cmake "[[ \$* != *explore* ]] || cp '$work/bin/heddle' build/explore"
expect "but for tests that fail one is built" 1 "^report: $test_report\$" run test --preset tsan
stub cmake '[[ $* != *tsan* ]]'
expect "one that does not build has no word" 0 '^Total Test time' last --preset dev --preset tsan
expect "but fails" 1 'tsan: does not build' run test --preset dev --preset tsan

[ "$failures" -eq 0 ]
