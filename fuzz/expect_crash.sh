#!/usr/bin/env bash
# Supervises a fuzz target that must crash: proof that a campaign, and a replay, can find something
# here. CTest's WILL_FAIL cannot: a death by signal still counts as a failure.
#
#   expect_crash.sh <replay> <seeds>
#       every seed crashes <replay>
#   expect_crash.sh --campaign <work> <target> <replay>
#       a campaign finds a crash without seeds, and the input that it found crashes <replay>
#
# Exit: 0 it crashed as it must; 1 it did not.
set -u

here=$(cd "$(dirname "$0")" && pwd)

# A program that cannot start, or refuses its arguments, fails as well: on an empty input it must
# succeed.
require_crash() {
    local replay=$1 input=$2 empty output code
    empty=$(mktemp)
    output=$("$replay" "$empty" 2>&1)
    code=$?
    rm -f "$empty"
    if [ $code -ne 0 ]; then
        echo "$output"
        echo "expect_crash.sh: $replay failed on an empty input already (exit $code)"
        echo "reproduce: : >empty; $replay empty"
        exit 1
    fi
    "$replay" "$input" >/dev/null 2>&1
    code=$?
    # 2 is how the replay program says that it could not run, 126 and 127 how the shell does.
    case $code in
    0 | 2 | 126 | 127)
        echo "expect_crash.sh: $input does not crash $replay (exit $code)"
        echo "reproduce: $replay $input"
        exit 1
        ;;
    esac
    echo "$input crashes $(basename "$replay") as it must (exit $code)"
}

if [ "${1:-}" = --campaign ]; then
    work=$2 target=$3 replay=$4
    rm -rf "$work/artifacts"
    # No seeds: the crash has to be found, not read from the corpus.
    "$here/campaign.sh" "$work" "$target" "$replay" /nonexistent -runs=2000000 -seed=1 >/dev/null
    code=$?
    artifact=$(find "$work/artifacts" -name 'crash-*' | head -n 1)
    if [ $code -ne 1 ] || [ -z "$artifact" ]; then
        echo "expect_crash.sh: $target found no crash, campaign.sh exited with $code"
        cat "$work/log"
        echo "reproduce: $target -runs=2000000 -seed=1"
        exit 1
    fi
    require_crash "$replay" "$artifact"
    exit 0
fi

replay=$1 seeds=$2
found=0
for input in "$seeds"/*; do
    [ -f "$input" ] || continue
    require_crash "$replay" "$input"
    found=1
done
if [ $found -eq 0 ]; then
    echo "expect_crash.sh: no seed in $seeds"
    exit 1
fi
