#!/usr/bin/env bash
# Builds somebody else's scenarios against the installed copy, runs their tests and their program,
# and requires that a name that occurs twice, or would not be found, is refused.
#
#   scenarios.sh <cmake> <ctest> <generator> <compiler> <project> <work folder> <stage>
set -eu

cmake=$1 ctest=$2 generator=$3 compiler=$4 project=$5 work=$6 stage=$7

fail() {
    echo "install.scenarios: $1" >&2
    exit 1
}

configure() {
    "$cmake" -G "$generator" -S "$project" -B "$1" -DCMAKE_C_COMPILER="$compiler" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$stage" -DSCENARIOS_SOURCE="$2" 2>&1
}

rm -rf "$work"
configure "$work/once" account.c
"$cmake" --build "$work/once"
"$ctest" --test-dir "$work/once" --output-on-failure --no-tests=error

names=$("$ctest" --test-dir "$work/once" -N | sed -n 's/.*Test *#[0-9]*: //p' | sort | tr '\n' ' ')
[ "$names" = "scenario.account scenario.account.fixed scenario.account_locked " ] ||
    fail "the tests are: $names"

cd "$project"
code=0
report=$("$work/once/own_scenarios" explore account --executions=1000) || code=$?
[ "$code" -eq 1 ] || fail "explore exits $code"
grep -q '^data race on ' <<<"$report" || fail "no data race in: $report"
grep -q ' account\.c:[0-9]' <<<"$report" || fail "files are not named from the project: $report"

replay=$(sed -n 's/^ *replay: //p' <<<"$report")
code=0
$replay >"$work/replayed" || code=$?
[ "$code" -eq 1 ] || fail "replay exits $code: $replay"

# The same scenarios as fuzz targets.
(
    cd "$work"
    code=0
    report=$(once/targets/account -runs=1000 -seed=1 2>&1) || code=$?
    [ "$code" -eq 77 ] || fail "the fuzz target exits $code: $report"
    grep -q '^data race on ' <<<"$report" || fail "no data race in: $report"
    input=$(find . -maxdepth 1 -name 'crash-*')
    code=0
    once/own_scenarios replay account --input="$input" >replayed || code=$?
    [ "$code" -eq 1 ] || fail "replay of the fuzzer's input exits $code"
    once/targets/account-fixed -runs=1000 -seed=1 >log 2>&1 || fail "the fuzzer finds: $(cat log)"
)

code=0
output=$(configure "$work/twice" "account.c;account_again.c") || code=$?
[ "$code" -ne 0 ] || fail "a name that occurs twice was accepted"
grep -q "two scenarios are named \`account'" <<<"$output" || fail "no reason in: $output"

code=0
output=$(configure "$work/misnamed" "account.c;account_misnamed.c") || code=$?
[ "$code" -ne 0 ] || fail "a descriptor that would not be found was accepted"
grep -q "hd_scenario_Account" <<<"$output" || fail "no reason in: $output"
