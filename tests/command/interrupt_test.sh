#!/usr/bin/env bash
# An interrupt ends an exploration cleanly: what was found is there, and no process stays behind.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

# A copy, so that its processes can be told from those of other tests.
heddle=$work/heddle
cp "$1" "$heddle"

# interrupt <command>...: runs it, interrupts it once it has printed to its end or runs for a while.
interrupt() {
    local process i
    : >"$work/output"
    "$@" >"$work/output" 2>&1 &
    process=$!
    for ((i = 0; i < 100; i++)); do
        grep -q '^data race' "$work/output" && break
        [ "$wait_for_finding" = no ] && ((i >= 5)) && break
        sleep 0.1
    done
    kill -"$signal" $process
    wait $process
    i=$?
    cat "$work/output"
    return $i
}

for jobs in 1 2; do
    for signal in INT TERM; do
        wait_for_finding=yes
        expect "$signal, $jobs jobs: findings are counted" 1 '^right: 1 finding in [0-9]+ exec' \
            interrupt "$heddle" explore right --keep-going --seconds=100 --jobs=$jobs
        wait_for_finding=no
        expect "$signal, $jobs jobs: no clean verdict" 3 '^right_clean: inconclusive: [0-9]+ exec' \
            interrupt "$heddle" explore right_clean --executions=100000000000 --jobs=$jobs
    done
done

list_left() {
    local program
    for program in /proc/[0-9]*/exe; do
        [ "$(readlink "$program")" = "$heddle" ] && echo "$program"
    done
    echo "that is all"
}
expect "no worker stays behind" 0 '^1$' eval 'list_left 2>/dev/null | wc -l'

# A terminal gets a line of progress, which is taken away again; a file gets none.
expect "progress on a terminal" 0 'right_clean: [0-9]+ executions, [0-9]+/s, 0 findings' \
    script -qec "$heddle explore right_clean --seconds=1" /dev/null
"$heddle" explore right_clean --seconds=1 2>"$work/errors" >"$work/output"
expect "none elsewhere" 0 '^0$' stat -c %s "$work/errors"

[ "$failures" -eq 0 ]
