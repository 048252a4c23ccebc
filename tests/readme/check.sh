#!/usr/bin/env bash
# The examples of the top README: the programs are those that are tested, and the output is real.
#
# usage: check.sh TOP HEDDLE README_SCENARIOS
set -u

top=$1 heddle=$2 scenarios=$3
readme=$top/README.md

fail() {
    echo "readme.example: $1"
    echo "reproduce: ctest --preset explore -R '^readme\\.example\$'"
    exit 1
}

# The n-th C program of the README.
shown() {
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    awk -v wanted="$1" '/^```c$/ {n++; next} /^```$/ {if (n == wanted) exit} n == wanted' "$readme"
}

is_part_of() {
    [ -n "$1" ] || fail "README.md shows no program where one should be"
    case $(cat "$2") in
    *"$1"*) ;;
    *) fail "a program in README.md is not a part of $2" ;;
    esac
}

is_part_of "$(shown 1)" "$top/scenarios/race/lost_update.c"
is_part_of "$(shown 2)" "$top/tests/readme/mine.c"

# What the command prints here, as if it stood where README builds it, and took no time.
output=$("$heddle" explore lost_update)
code=$?
[ $code -eq 1 ] || fail "heddle explore lost_update exits $code, not 1: $output"
real=$(sed -e "s|$heddle|build/explore/heddle|g" -e 's|; [0-9.]* s$|; 0.0 s|' <<<"$output")
said=$(awk '/^<!-- what that prints/ {on = 1; next} /^[^ ]/ {on = 0} on' "$readme" |
    sed -e 's/^    //' -e '/./,$!d')
diff <(echo "$said") <(echo "$real") || fail "README.md (<) does not show what is printed (>)"

output=$("$scenarios" explore mine)
code=$?
[ $code -eq 1 ] || fail "the scenario of README.md exits $code, not 1: $output"
# shellcheck disable=SC2016 # the backquote is part of the report
grep -q '^data race on `state' <<<"$output" || fail "no data race: $output"

output=$("$scenarios" verify mine) || fail "ctest would fail on the scenario of README.md: $output"
