#!/usr/bin/env bash
# What `ci/run setup' does where packages are missing, on machines made of stubs, in a tree that
# has no more than ci/.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/expect.sh"

tree=$work/tree
viewer=$tree/ci/report/viewer
mkdir -p "$viewer"
cp -r "$top"/ci/{run,packages,options.sh,commands} "$tree/ci"
echo '{"lockfileVersion": 3}' >"$viewer/package-lock.json"

# The machine: only what a shell script needs, what is in state, and stubs. Neither node nor npm.
mkdir "$work/machine"
for program in bash basename cat cmp comm cp dirname env grep head ls mkdir mktemp rm sed sort \
    tail touch true; do
    ln -s "$(type -P $program)" "$work/machine/$program"
done
all_but() {
    sed -n 's/^\([a-z][^ ]*\) .*/installed \1/p' "$top/ci/packages" | grep -vxE "installed ($1)"
}
web='chromium|fonts-dejavu-core|nodejs|npm'
all_but none >"$work/all"
all_but "libck-dev|$web" >"$work/without_ck"
all_but "$web" >"$work/without_web"
state() { cp "$work/$1" "$work/state"; }

setup() { PATH="$work/bin:$work/machine" "$tree/ci/run" setup "$@"; }
stub dpkg-query "case \$* in *Conflicts*) cat '$work/nodejs' ;; *) cat '$work/state' ;; esac"
stub apt-get "echo \"\$*\" >>'$work/apt.log'" "[ \"\$1\" = update ] || cp '$work/all' '$work/state'"
stub sudo 'exit 1'
stub id 'echo 1000'

state without_web
expect "nothing missing, nothing said, though there is no browser" 0 '^$' setup
expect "and apt-get is not called" 1 '' test -e "$work/apt.log"

state without_ck
expect "without root, the line to run" 3 '^sudo .*apt-get install .* libck-dev' setup

# A sudo that asks for nothing.
stub sudo "while [ \"\$1\" = -n ]; do shift; done" 'exec "$@"'
expect "with sudo, it is installed" 0 'installing libck-dev$' setup
expect "after an update" 0 '^update$' head -n 1 "$work/apt.log"
expect "without what is only recommended" 0 '--no-install-recommends libck-dev' cat "$work/apt.log"
expect "and a second time there is nothing to do" 0 '^$' setup

state without_ck
stub id 'echo 0'
stub apt-get 'echo "E: no network"; exit 100'
expect "a failing apt-get is shown" 3 'E: no network' setup
expect "with the line that does it again" 3 '^reproduce: apt-get update' setup

stub apt-get 'exit 0'
expect "an apt-get that installs nothing is noticed" 3 'still missing.* libck-dev' setup

# What the tests of the HTML report need. Debian's npm comes with its package.
stub npm_of_debian "mkdir -p node_modules/axe-core && rm -f node_modules/.got-lock.json" \
    "echo \"\$*\" >>'$work/npm.log'"
stub apt-get "[ \"\$1\" = update ] && exit" \
    "cp '$work/all' '$work/state'; cp '$work/bin/npm_of_debian' '$work/bin/npm'"
state without_web
expect "a browser and node are installed if asked for" 0 \
    'installing chromium fonts-dejavu-core nodejs npm$' setup --web
expect "what npm gets is what the lock says" 0 '^ci ' cat "$work/npm.log"
expect "in the folder of the viewer" 0 axe-core ls "$viewer/node_modules"
expect "and a second time there is nothing to do" 0 '^$' setup --web
echo '{"lockfileVersion": 3, "name": "other"}' >"$viewer/package-lock.json"
expect "another lock is other packages" 0 'npm ci in ci/report/viewer' setup --web
expect "but only once" 0 '^$' setup --web
expect "and never for those who do not ask" 2 'unknown option' setup --wbe

rm -r "$viewer/node_modules"
stub npm 'mkdir -p node_modules/half' 'echo "npm error network getaddrinfo EAI_AGAIN"; exit 1'
expect "a failing npm is shown" 3 'EAI_AGAIN' setup --web
expect "with the line that does it again" 3 '^reproduce: .cd ci/report/viewer && npm ci' setup --web
cp "$work/bin/npm_of_debian" "$work/bin/npm"
expect "and what it left half is got again" 0 'npm ci in ci/report/viewer' setup --web

# A node from elsewhere, whose own npm is there: Debian's two packages are not wanted.
stub node 'echo v20.0.0'
state without_web
stub apt-get "echo \"\$*\" >>'$work/web.log'; cp '$work/all' '$work/state'"
expect "another node and its npm are taken" 0 'installing chromium fonts-dejavu-core$' setup --web
expect "so Debian's are not asked for" 1 '' grep -E 'nodejs|npm' "$work/web.log"

rm "$work/bin/npm"
echo 'installed nodejs-dev, npm' >"$work/nodejs"
state without_web
expect "another node without its npm is not Debian's to mend" 3 "node, $work/bin/node" setup --web
: >"$work/nodejs"
expect "nor one that is no package at all" 3 'install the npm that belongs to it' setup --web
echo 'installed nodejs-legacy' >"$work/nodejs"
stub apt-get "[ \"\$1\" = update ] && exit" \
    "cp '$work/all' '$work/state'; cp '$work/bin/npm_of_debian' '$work/bin/npm'"
expect "Debian's own node gets Debian's npm" 0 'installing chromium fonts-dejavu-core npm$' \
    setup --web

[ "$failures" -eq 0 ]
