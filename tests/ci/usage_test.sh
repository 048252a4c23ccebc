#!/usr/bin/env bash
# Every command explains itself, and refuses what it does not know with exit 2 and a hint.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/expect.sh"

run=$top/ci/run
expect "no command is a usage error" 2 '^usage: ' "$run"
expect "help is none" 0 '^usage: ' "$run" help
expect "a misspelt command is named" 2 "did you mean .ci/run hunt" "$run" hutn
expect "one letter too many as well" 2 "did you mean .ci/run setup" "$run" setupp
expect "a word like no command gets no guess" 2 "no command .xylophone'$" "$run" xylophone
expect "a path is no command" 2 'no command' "$run" ../run

for file in "$top"/ci/commands/*; do
    [ -x "$file" ] || continue
    name=$(basename "$file")
    expect "$name --help says how to use it" 0 "^usage: ci/run $name" "$run" "$name" --help
    expect "help $name says the same" 0 "^usage: ci/run $name" "$run" help "$name"
    expect "help lists $name" 0 "^  $name  +[A-Z]" "$run" help
done
for name in setup test soak stress hunt; do
    expect "$name refuses an unknown option" 2 'unknown option' "$run" $name --no-such-option
done
expect "test names the presets there are" 2 'there are: .*fuzz-asan' "$run" test --preset nope
expect "a missing value is a usage error" 2 'needs a value' "$run" test --preset
expect "seconds must be a number" 2 'needs a number' "$run" stress --seconds ten
expect "jobs must be a number" 2 'needs a number' "$run" hunt --jobs none

[ "$failures" -eq 0 ]
