#!/usr/bin/env bash
# gdb shows the threads of a replayed execution, each with its own stack, and goes on afterwards as
# if nobody had looked.
#
# usage: gdb_test.sh <heddle> <heddle-gdb.py>
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

heddle=$1 script=$2
line=$("$heddle" explore ab_ba | sed -n 's/^ *replay: //p')
[ -n "$line" ] || { echo "FAILED: ab_ba has no replay line"; exit 1; }

# The commands, each an argument, at the deadlock.
debug() {
    local options=() command
    for command in "$@"; do
        options+=(-ex "$command")
    done
    # shellcheck disable=SC2086
    gdb -batch -nx -x "$script" -ex 'handle SIG63 nostop noprint' \
        -ex 'break hde_execution_fail' -ex run "${options[@]}" --args $line
}

expect "the thread that waits already" 0 \
    '^  +1  event [0-9]+, lock, in transfer_a_to_b\(\) at .*ab_ba\.c:[0-9]+$' debug 'heddle threads'
expect "the one that runs" 0 \
    '^\* +2  event [0-9]+, lock, in transfer_b_to_a\(\) at .*ab_ba\.c:[0-9]+$' \
    debug 'heddle threads'
expect "the one that waits for both" 0 '^  +0  event [0-9]+, join, in ' debug 'heddle threads'
expect "a stack that is not gdb's own" 0 '^#[0-9]+ .* in transfer_a_to_b \(' \
    debug 'heddle backtrace 1'
expect "to its end" 0 '^#[0-9]+ .* in hde_fiber_enter' debug 'heddle backtrace 1'
expect "any command with it" 0 'ab_ba\.c' debug 'heddle apply 1 frame function transfer_a_to_b'
expect "no such thread" 1 'no thread: write a number below 3' debug 'heddle backtrace 7'
expect "nothing to run" 1 'usage: heddle apply' debug 'heddle apply 1'
expect "the program goes on as before" 0 'exited with code 01' \
    debug 'heddle backtrace all' delete continue
expect "no execution is running" 1 'no execution is running|no program of Heddle' \
    gdb -batch -nx -x "$script" -ex 'break main' -ex run -ex 'heddle threads' --args "$heddle" list

[ "$failures" -eq 0 ]
