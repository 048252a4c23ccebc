#!/usr/bin/env bash
# With HEDDLE_FINDINGS a target writes what it finds and goes on: each finding once, complete or not
# at all, also when the disk is full.
#
#   findings_test.sh <heddle> <folder of heddle_fuzz> ...
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"
heddle=$1 targets=$2/targets
cd "$work" || exit 1

told() { HEDDLE_FINDINGS=told "$targets/lost_update" -runs=5000 -seed=1 2>&1; }
expect "it says where a finding is" 0 '^heddle: new finding: told/lost_update-.*\.txt$' told

goes_on() { HEDDLE_FINDINGS=found "$targets/lost_update" -runs=5000 -seed=1 2>&1; }
expect "it goes on" 0 '^Done 5000 runs' goes_on
# The race, and the number that is wrong after it.
expect "all are there" 0 '^2$' bash -c 'ls found/lost_update-*.json | wc -l'
expect "nothing else is" 0 '^6$' bash -c 'ls -A found | wc -l'

# shows <record>: its input leads to it, under the command.
shows() {
    local base=${1%.json} identity
    identity=${base##*-}
    "$heddle" replay lost_update --input="$base.input" --json=shown >replayed
    [ -f "shown/lost_update.$identity.json" ] || return 1
    grep -qFx "$(head -n 1 "$base.txt")" replayed && echo "$identity is shown"
}
for record in found/*.json; do
    expect "the input of a record shows it" 0 'is shown$' shows "$record"
    expect "a record is one" 0 '^data-race|^failure' python3 -c \
        'import json, sys; print(json.load(open(sys.argv[1]))["kind"])' "$record"
    expect "its report says how to see it again" 0 "^  input: .* --input=${record%.json}.input" \
        cat "${record%.json}.txt"
done

# The command in a report is for a shell, whatever the folder is called.
replays() { eval "${heddle%/heddle}/$(sed -n 's/^  input: //p' "it's here"/*.txt | head -n 1)"; }
expect "a folder with a space and a quote" 0 '^Done 5000' \
    env HEDDLE_FINDINGS="it's here" "$targets/lost_update" -runs=5000 -seed=1
expect "its commands replay" 1 'data race|data-race' replays

touch -d '2001-01-01' found/*
expect "it goes on again" 0 '^Done 5000 runs' goes_on
expect "what is there is not written again" 0 '^0$' bash -c \
    'find found -type f -newermt 2002-01-01 | wc -l'

# A file may have no byte: as on a full disk, a write fails.
full() {
    (
        trap '' XFSZ
        ulimit -f 0
        HEDDLE_FINDINGS=full "$targets/lost_update" -runs=5000 -seed=1 -handle_xfsz=0 2>&1 |
            cat
        exit "${PIPESTATUS[0]}"
    )
}
expect "a full disk ends it" 3 'cannot write full/.*: File too large' full
expect "it says so" 3 'it has a finding and no place for it' full
expect "nothing half-written is left" 0 '^0$' bash -c 'ls -A full | wc -l'

expect "a folder that cannot be made" 2 'cannot write not/there: No such file' \
    env HEDDLE_FINDINGS=not/there "$targets/lost_update" -runs=1
touch file
expect "a file where the folder should be" 2 'cannot write file: Not a directory' \
    env HEDDLE_FINDINGS=file "$targets/lost_update" -runs=1

[ "$failures" -eq 0 ]
