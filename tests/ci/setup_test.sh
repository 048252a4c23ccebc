#!/usr/bin/env bash
# What `ci/run setup' does where packages are missing, on machines made of stubs.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/expect.sh"

missing_from() { sed -n 's/^\([a-z][^ ]*\) .*/installed \1/p' "$top/ci/packages" | grep -vxF "$1"; }
missing_from 'installed none' >"$work/all"
missing_from 'installed libck-dev' >"$work/without_ck"

setup() { PATH="$work/bin:$PATH" "$top/ci/run" setup; }
stub dpkg-query "cat '$work/state'"
stub apt-get "echo \"\$*\" >>'$work/apt.log'" "[ \"\$1\" = update ] || cp '$work/all' '$work/state'"
stub sudo 'exit 1'
stub id 'echo 1000'

cp "$work/all" "$work/state"
expect "nothing missing, nothing said" 0 '^$' setup
expect "and apt-get is not called" 1 '' test -e "$work/apt.log"

cp "$work/without_ck" "$work/state"
expect "without root, the line to run" 3 '^sudo .*apt-get install .* libck-dev' setup

# A sudo that asks for nothing.
stub sudo "while [ \"\$1\" = -n ]; do shift; done" 'exec "$@"'
expect "with sudo, it is installed" 0 'installing libck-dev$' setup
expect "after an update" 0 '^update$' head -n 1 "$work/apt.log"
expect "without what is only recommended" 0 '--no-install-recommends libck-dev' cat "$work/apt.log"
expect "and a second time there is nothing to do" 0 '^$' setup

cp "$work/without_ck" "$work/state"
stub id 'echo 0'
stub apt-get 'echo "E: no network"; exit 100'
expect "a failing apt-get is shown" 3 'E: no network' setup
expect "with the line that does it again" 3 '^reproduce: apt-get update' setup

stub apt-get 'exit 0'
expect "an apt-get that installs nothing is noticed" 3 'still missing.* libck-dev' setup

[ "$failures" -eq 0 ]
