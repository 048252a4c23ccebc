# What the tests of ci/ have in common. Sourced by each of them.
# shellcheck shell=bash disable=SC2034

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# expect <what> <exit code> <pattern> <command>...: the exit code, and one line of the output.
expect() {
    local what=$1 code=$2 pattern=$3 output got
    shift 3
    output=$("$@" 2>&1)
    got=$?
    if [ $got -eq "$code" ] && grep -qE -- "$pattern" <<<"$output"; then
        echo "ok: $what"
        return
    fi
    echo "FAILED: $what: exit $got, wanted $code and a line that matches: $pattern"
    echo "$output"
    echo "reproduce: $0"
    failures=$((failures + 1))
}

# stub <name> <line>...: a program of this name that runs these lines of shell, in $work/bin.
stub() {
    mkdir -p "$work/bin"
    {
        echo '#!/bin/bash'
        printf '%s\n' "${@:2}"
    } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}
