#!/usr/bin/env bash
# The example of the top README: it is the program that is tested, and is reported as README says.
#
# usage: check.sh README SOURCE PROGRAM
set -u

readme=$1 source=$2 program=$3

fail() {
    echo "readme.example: $1"
    echo "reproduce: ctest --preset tsan -R '^readme\\.example\$'"
    exit 1
}

# shellcheck disable=SC2016 # the backquotes are Markdown's
shown=$(sed -n '/^```c$/,/^```$/p' "$readme" | sed '1d;$d')
[ -n "$shown" ] || fail "README.md shows no C program"
case $(cat "$source") in
*"$shown"*) ;;
*) fail "the program in README.md is not a part of $source" ;;
esac

report=$("$program" 2>&1)
code=$?
[ $code -eq 66 ] || fail "the program exits $code, not 66 as ThreadSanitizer does: $report"
grep -q 'WARNING: ThreadSanitizer: data race' <<<"$report" || fail "no data race: $report"

places=$(grep -oE 'lost_update\.c:[0-9]+' "$readme" | sort -u)
[ "$(wc -l <<<"$places")" -eq 2 ] || fail "README.md does not name two places: $places"
for place in $places; do
    grep -qF "$place" <<<"$report" || fail "the report does not name $place: $report"
done
