# Running one child at a time so that an interrupt can end it with all that it has started. Sourced.
# shellcheck shell=bash disable=SC2034

child=
child_code=0

# Runs a command in a process group of its own; its exit code is then in child_code.
run_child() {
    set -m
    "$@" &
    child=$!
    set +m
    wait $child
    child_code=$?
    child=
}

# Ends the running child and its group: asked first, then, after two seconds, without asking.
stop_child() {
    local i
    [ -n "$child" ] || return
    kill -TERM -- "-$child" 2>/dev/null
    for ((i = 0; i < 20; i++)); do
        kill -0 -- "-$child" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$child" 2>/dev/null
    wait "$child" 2>/dev/null
    child=
}
