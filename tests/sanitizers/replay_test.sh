#!/usr/bin/env bash
#
# What was found in one flavour is found again in the others: each of the schedules, of which the
# last part of the name says where it was recorded, shows a finding of the kind that it was written
# for.
#
# Usage: replay_test.sh HEDDLE FOLDER
set -euo pipefail

heddle=$1
folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

for schedule in "$folder"/*.schedule; do
    kind=$(sed -n 's/^finding *//p' "$schedule" | tr ' ' '-')
    code=0
    "$heddle" replay --json "$work/json" "$schedule" >"$work/report" 2>&1 || code=$?
    if [ "$code" -ne 1 ] || ! grep -q "\"kind\": \"$kind\"" "$work/json"/*.json; then
        echo "$heddle replay $schedule: exit code $code, and no $kind:"
        cat "$work/report"
        failures=$((failures + 1))
    fi
    rm -rf "$work/json"
done
exit "$((failures > 0))"
