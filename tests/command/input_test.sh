#!/usr/bin/env bash
# A fuzz target's input is replayed, shrunk and converted, there and back; what is none is refused.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

heddle=$1
cd "$work" || exit 1

: >empty
expect "an empty file is an input" 1 '^data race on .state' "$heddle" replay right --input=empty
expect "also of a twin" 0 '^right\.fixed: clean with this schedule' \
    "$heddle" replay right.fixed --input=empty
expect "it can be shrunk" 1 '^shrunk to 0 preemptions' "$heddle" shrink right --input empty
expect "a missing file is named" 2 'cannot read the input nofile: No such file' \
    "$heddle" replay right --input=nofile
expect "a folder is no file" 2 'cannot read the input /: Is a directory' \
    "$heddle" replay right --input=/
expect "a program is needed, and a misspelt one named" 2 "did you mean .right'" \
    "$heddle" replay rigth --input=empty
expect "an input without a program is refused" 2 'needs one operand' "$heddle" replay --input=empty
expect "what to run is said once" 2 'leave one out' \
    "$heddle" replay right --input=empty --schedule=1cd9:
printf '\2' >later
expect "another version is run, and it is said" 1 'not marked as version 1' \
    "$heddle" replay right --input=later

expect "a rare finding" 1 '^failure' "$heddle" explore odd_unlucky --executions=5000 \
    --budget=weak-cas=3 --json=found
schedule=$(echo found/*.schedule)
expect "its schedule becomes an input" 0 '' "$heddle" convert "$schedule" --output=unlucky.input
expect "which shows it" 1 '^failure' \
    "$heddle" replay odd_unlucky --input=unlucky.input --budget=weak-cas=3
expect "but not in another program" 0 'clean with this schedule' \
    "$heddle" replay right.fixed --input=unlucky.input
expect "and becomes a schedule" 0 '' "$heddle" convert odd_unlucky --input=unlucky.input \
    --budget=weak-cas=3 --output=again.schedule
expect "which is the first one" 0 '' diff <(grep '^thread' "$schedule") \
    <(grep '^thread' again.schedule)
expect "and knows what it shows" 0 '^finding   failure' cat again.schedule
expect "its budget" 1 '^failure' "$heddle" replay again.schedule
expect "a schedule is no input" 1 'warning: again.schedule is a schedule' \
    "$heddle" replay right --input=again.schedule
expect "an input is no schedule" 2 'this is no schedule.* NAME --input=FILE' \
    "$heddle" replay unlucky.input

expect "convert says where it cannot write" 2 'cannot write /none/x: No such file' \
    "$heddle" convert right --input=empty --output=/none/x
expect "in both directions" 2 'cannot write /none/x: No such file' \
    "$heddle" convert "$schedule" --output=/none/x
expect "and that it was not told to" 2 'output=FILE is missing' "$heddle" convert "$schedule"

{
    sed '/^thread/d' "$schedule"
    for event in $(seq 1 1025); do echo "thread 1  event $event  ?  step 2"; done
} >long.schedule
expect "a schedule may be too long" 2 'has 1025 choices, and an input at most 1024' \
    "$heddle" convert long.schedule --output=long.input

head -c 2000 /dev/zero | tr '\0' '\377' >noise
first=$("$heddle" replay right --input=noise 2>&1)
expect "any bytes are the same execution each time" 0 '' \
    test "$first" = "$("$heddle" replay right --input=noise 2>&1)"

[ "$failures" -eq 0 ]
