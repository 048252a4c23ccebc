#!/usr/bin/env bash
# Runs a stress test again and again, for `ci/run soak`; ends at the first failure.
#
# usage: repeat.sh TIMES PROGRAM
set -u

for ((i = 1; i <= $1; i++)); do
    if ! "$2" >"$2.soak.log" 2>&1; then
        cat "$2.soak.log"
        echo "run $i of $1 failed"
        echo "reproduce: $2"
        exit 1
    fi
done
echo "$1 runs, no failure"
