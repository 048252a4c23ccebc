#!/usr/bin/env bash
# What targets tell libFuzzer of an input: new for new interleavings, nothing new for the same one,
# the same in each process; and what HEDDLE_COVERAGE leaves out.
#
#   coverage_test.sh <heddle> <folder of heddle_fuzz> <command of programs/> <folder of its targets>
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"
target=$2/targets/order_shipped_and_refunded-fixed
locked=$2/targets/ab_ba-fixed
cd "$work" || exit 1

# learns <words> <target> [option...]: what is said at the end, but for speed and memory
learns() {
    local words=$1 target=$2
    shift 2
    HEDDLE_COVERAGE=$words "$target" -runs=3000 -seed=1 "$@" >log 2>&1 || {
        tail -n 40 log
        return 1
    }
    sed -nE 's/^#3000\tDONE  +(.*) lim: .*$/\1/p; /^heddle: coverage/p' log
}

# Processes with the same seed learn the same, to the last feature.
same() {
    learns code,interleaving,measure "$1" >first && learns code,interleaving,measure "$1" >second &&
        cat first && cmp first second
}
expect "the same each time" 0 '^cov: [0-9]+ ft: [0-9]+ ' same "$target"
expect "the same each time, with locks" 0 '^heddle: coverage: hand-over: [1-9]' same "$locked"

# What is left out is not there.
expect "all" 0 '^cov: [0-9]+ ft: ' learns code,interleaving "$target"
expect "interleavings alone" 0 '^ft: [1-9][0-9]* ' learns interleaving "$target"
expect "code alone" 0 '^cov: [1-9]' learns code "$target"
silent() { learns code "$target" >said && ! grep heddle said && cat said; }
expect "code alone says nothing of pairs" 0 '^cov: ' silent
expect "nothing" 0 '^corp: 1/' learns none "$target"
expect "one kind" 0 '^heddle: coverage: 3000 inputs, [1-9][0-9]* pairs' learns hand-over "$locked"
expect "a kind that there is not" 0 '^heddle: coverage: 3000 inputs, 0 pairs' \
    learns hand-over "$target"
expect "what is no kind" 2 '^heddle: HEDDLE_COVERAGE has .cod.' \
    env HEDDLE_COVERAGE=interleaving,cod "$target" -runs=1

# pairs <input> <runs>: that come up when it is run so often
pairs() {
    "$target" "$1" -runs="$2" 2>&1 |
        sed -nE "s/^heddle: coverage: $2 inputs, ([0-9]+) pairs, [0-9]+ once$/\1/p"
}

# An input that is repeated shows nothing new; others do.
grows() {
    local once often all
    mkdir corpus
    printf '\1\1\0\0\0\0\0' >input # random choices
    once=$(pairs input 1) && often=$(pairs input 1000) || return 1
    all=$(learns interleaving "$target" | sed -nE 's/^heddle.* ([0-9]+) pairs.*/\1/p')
    echo "once $once, often $often, all $all"
    [ "$once" -gt 0 ] && [ "$often" -eq "$once" ] && [ "$all" -gt $((2 * once)) ]
}
expect "only what is new is new" 0 '^once' grows

[ "$failures" -eq 0 ]
