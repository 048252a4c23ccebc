#!/usr/bin/env bash
# What explore finds can be replayed, from the line that it prints and from the files it writes.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

heddle=$1
cd "$work" || exit 1

expect "a race is a finding" 1 '^data race on .state' "$heddle" explore right
expect "its twin is clean, and says within what" 0 \
    '^right\.fixed: clean: 300 executions, strategy pct, seed 7, memory model sc' \
    "$heddle" explore right.fixed --strategy=pct --executions=300 --seed=7
expect "dfs says that it made all" 0 'clean: all [0-9]+ executions with at most 1 preemptions' \
    "$heddle" explore right_clean --strategy=dfs --preemptions=1
expect "dfs without a bound leaves out what is equivalent" 0 \
    'clean: all [0-9]+ executions that differ in the order of .* \([0-9]+ more, equivalent' \
    "$heddle" explore right_clean --strategy=dfs --preemptions=all
expect "a bound is a number or all" 2 'needs a number from 0 to 1000, or `all' \
    "$heddle" explore right_clean --strategy=dfs --preemptions=most
expect "two jobs find the same" 1 '^data race on .state' "$heddle" explore right --jobs=2
expect "without races there is nothing" 0 'data races not looked for' \
    "$heddle" explore right --ignore=data-race --executions=100
expect "time is a bound too" 0 'clean: [0-9]+ executions' \
    "$heddle" explore right_clean --seconds=1
expect "a name may be a glob, and all are explored" 1 '^right_clean: clean' \
    "$heddle" explore 'right*' --executions=50
expect "what differs each time is not called clean" 4 'could not be replayed' \
    "$heddle" explore odd_fickle --executions=100
expect "a stuck execution is shown" 3 'runs and announces nothing' \
    "$heddle" explore odd_endless --watchdog=1
expect "with what it may be" 3 'waits in a call that is not modelled' \
    "$heddle" explore odd_endless --watchdog=1
expect "and ends nothing but itself, also with one job" 3 '^right_clean: clean: 2000 executions' \
    "$heddle" explore odd_endless right_clean --watchdog=1 --executions=2000
expect "a call in which it is stuck is named" 3 'warning: read.. is not modelled: .*odd.c:' \
    "$heddle" explore odd_reading --watchdog=1
expect "with the command that shows it" 3 '^reproduce: .*explore odd_endless' \
    "$heddle" explore odd_endless --watchdog=1

line=$("$heddle" explore right | sed -n 's/^ *replay: //p')
# shellcheck disable=SC2086
expect "the printed line replays it" 1 '^data race on .state' $line

expect "files are written" 1 '^data race' "$heddle" explore right --strategy=random --json=found
schedule=$(echo found/right.*.schedule)
expect "a schedule file replays" 1 '^data race on .state' "$heddle" replay "$schedule"
expect "and shrinks" 1 '^shrunk to 0 preemptions' "$heddle" shrink "$schedule"
expect "the record is JSON" 0 '"kind": "data-race"' \
    python3 -m json.tool found/right.????????????????.json
expect "a folder that cannot be made is an error" 3 'cannot write' \
    "$heddle" explore right --json=/proc/none
sed 's/^build .*/build another/' "$schedule" >edited
expect "a schedule of another build is looked up by its lines" 1 '^data race on .state' \
    "$heddle" replay edited
expect "which is said" 1 'warning: recorded with another build .* 0 of 0 were not found' \
    "$heddle" replay edited

sed 's/^program .*/program right_clean/' "$schedule" >edited
expect "clean is not all to be said where a file is of a finding" 0 'written for: data-race' \
    "$heddle" replay edited

for strategy in random pct pos surw sticky urw rff mix; do
    expect "who yields is not kept for ever by $strategy" 0 '^odd_plain_flag: clean' \
        "$heddle" explore odd_plain_flag --ignore=data-race --strategy=$strategy --executions=2000
done
expect "what needs three faults is clean with one" 0 '^odd_unlucky: clean' \
    "$heddle" explore odd_unlucky --executions=5000
expect "and not with three" 1 'replay: .* --budget=weak-cas=3 --schedule=' \
    "$heddle" explore odd_unlucky --executions=5000 --budget=weak-cas=3 --json=unlucky
unlucky=$(echo unlucky/*.schedule)
expect "the file knows the budget" 1 '^failure' "$heddle" replay "$unlucky"
sed 's/^budget .*/budget weak-cas=2/' "$unlucky" >edited
expect "and it is what counts" 4 'cannot be followed at choice 3' "$heddle" replay edited
expect "unless the command line has another one" 1 '^failure' \
    "$heddle" replay edited --budget=weak-cas=4
sed 's/^budget .*/budget weak-cats=2/' "$unlucky" >edited
expect "a budget in a file may be wrong, too" 2 "did you mean .weak-cas'" "$heddle" replay edited

echo "garbage" >>"$schedule"
expect "a damaged file is refused" 2 ':[0-9]+: ' "$heddle" replay "$schedule"

[ "$failures" -eq 0 ]
