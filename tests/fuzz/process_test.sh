#!/usr/bin/env bash
# A target as a process: its name, its signals, and libFuzzer's ways to run it.
#
#   process_test.sh <heddle> <folder of heddle_fuzz> <command of programs/> <folder of its targets>
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"
folder=$2 own_folder=$4
targets=$folder/targets
cd "$work" || exit 1

expect "its own name is no target" 2 "there is no fuzz target .heddle_fuzz'" "$folder/heddle_fuzz"
expect "the targets are named" 2 '^  lost_update-fixed$' "$folder/heddle_fuzz"
ln -s "$folder/heddle_fuzz" lost_updates
expect "another name is none" 2 "there is no fuzz target .lost_updates'" ./lost_updates -runs=1
ln -s "$folder/heddle_fuzz" gate_locked_ab_ba-fixed
expect "a twin that there is not" 2 'no fuzz target' ./gate_locked_ab_ba-fixed -runs=1
expect "a list that it does not know" 2 'HEDDLE_COVERAGE has .codes' \
    env HEDDLE_COVERAGE=codes "$targets/lost_update" -runs=1

# interrupted <signal>: in the middle of executions, most likely.
interrupted() {
    local process code
    rm -rf corpus log && mkdir corpus # an old log would have it signalled before it can be
    "$targets/michael_scott_free_list-fixed" -seed=1 corpus >log 2>&1 &
    process=$!
    until grep -qs NEW log; do sleep 0.05; done
    kill -"$1" $process
    wait $process
    code=$?
    grep 'run interrupted' log
    "$folder/replays/michael_scott_free_list-fixed" corpus | tail -n 1
    return $code
}
for signal in INT TERM; do
    expect "SIG$signal ends it" 72 'run interrupted' interrupted $signal
    expect "SIG$signal leaves a corpus" 72 '^[1-9][0-9]* inputs replayed' interrupted $signal
done

# The alarm comes in an execution, on a fiber.
expect "a hang is libFuzzer's" 70 'libFuzzer: timeout after' \
    "$own_folder/targets/endless" -timeout=1 -seed=1 -runs=20000
expect "its input is kept" 0 '^timeout-.* [1-9][0-9]*$' find . -name 'timeout-*' -printf '%f %s\n'

# Four thousand million executions are all that a process has numbers for.
expect "an old process ends in libFuzzer's way" 0 'exiting as requested' \
    "$own_folder/targets/aged" -seed=1 -runs=2000000

mkdir corpus-small
expect "-fork" 0 'DONE|INFO: exiting' "$targets/ab_ba-fixed" -fork=1 -runs=2000 -seed=1 corpus
expect "-merge" 0 'MERGE-OUTER' "$targets/michael_scott_free_list-fixed" -merge=1 \
    corpus-small corpus
expect "-merge keeps some" 0 '^[1-9]' bash -c 'find corpus-small -type f | wc -l'

"$targets/three_lock_cycle" -runs=40000 -seed=1 -exact_artifact_path=found >log 2>&1
expect "-minimize_crash" 0 'minimized|CRASH_MIN' "$targets/three_lock_cycle" -minimize_crash=1 \
    -runs=200 -exact_artifact_path=smaller found
expect "what is smaller fails as well" 77 '^deadlock' "$targets/three_lock_cycle" smaller

[ "$failures" -eq 0 ]
