# Command lines of the commands. Sourced; the command file is $0.
# shellcheck shell=bash

command_name=$(basename "$0")

# The command's own head comment, from its second line to the first line that is no comment.
print_help() {
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
}

usage_error() {
    echo "ci/run $command_name: $1" >&2
    echo "see: ci/run $command_name --help" >&2
    exit 2
}

# The value of an option that needs one: option_value "$@" with the option first.
option_value() {
    if [ $# -lt 2 ] || [ -z "$2" ]; then
        usage_error "$1 needs a value"
    fi
    printf '%s\n' "$2"
}

# For the commands that take no options at all.
no_options() {
    [ $# -eq 0 ] && return
    case $1 in
    --help | -h)
        print_help
        exit 0
        ;;
    *) usage_error "unknown option \`$1'" ;;
    esac
}
