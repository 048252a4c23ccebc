#!/usr/bin/env bash
# One bounded libFuzzer campaign. The seeds are only read: what the campaign learns goes to <work>.
#
#   campaign.sh <work> <target> <replay> <seeds> <libFuzzer flag>...
#
# Exit: 0 nothing found; 1 a finding, with the command that replays it on the last line; 3 the
# target could not run, so nothing is known.
set -u

if [ $# -lt 4 ]; then
    echo "usage: campaign.sh <work> <target> <replay> <seeds> <libFuzzer flag>..." >&2
    exit 2
fi
work=$1 target=$2 replay=$3 seeds=$4
shift 4

# A fresh corpus each time: with the same seed and number of runs, the same campaign.
rm -rf "$work/corpus"
mkdir -p "$work/corpus" "$work/artifacts" || exit 3
corpora=("$work/corpus")
[ -d "$seeds" ] && corpora+=("$seeds")

# No abort_on_error: it deadlocks with libFuzzer, which then ignores SIGTERM as well.
export ASAN_OPTIONS="detect_leaks=1:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:${UBSAN_OPTIONS:-}"

"$target" -print_final_stats=1 -timeout=20 -artifact_prefix="$work/artifacts/" "$@" \
    "${corpora[@]}" >"$work/log" 2>&1
code=$?
if [ $code -eq 0 ]; then
    grep -E '^(Done|stat::number_of_executed_units)' "$work/log"
    exit 0
fi

artifact=$(sed -n 's/.*Test unit written to //p' "$work/log" | tail -n 1)
tail -n 80 "$work/log"
if [ -z "$artifact" ]; then
    echo "campaign.sh: $target exited with $code and left no input; its output is in $work/log"
    echo "reproduce: $target ${corpora[*]} $*"
    exit 3
fi
echo "finding: $artifact"
echo "replay: $replay $artifact"
exit 1
