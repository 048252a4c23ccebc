#!/usr/bin/env bash
# Every call that a compiler makes for -fsanitize=thread is answered by the engine.
#
# usage: tsan_abi.sh <engine library> <source> <include folder> <compiler>...
#
# Compiles <source>, which uses all builtins, at several levels of optimization, and compares what
# it leaves undefined with what the library defines. A compiler that is not there is passed over,
# but one of them must be.
# Exit: 0 all are answered; 1 one is not, or nothing was compiled.
set -euo pipefail

library=$1 source=$2 include=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm --defined-only "$library" 2>/dev/null | awk '$2 ~ /[TW]/ {print $3}' | sort -u >"$work/answered"

# What only some compilers understand, and needed calls would be missing without.
options_of() {
    case $1 in
    clang*) echo "-femulated-tls -mllvm -tsan-instrument-read-before-write=1" ;;
    *) ;;
    esac
}

compiled=0 missing=0
for compiler in "$@"; do
    command -v "$compiler" >/dev/null || continue
    for level in -O0 -O1 -O2; do
        for more in "" "-tsan-distinguish-volatile"; do
            read -ra options <<<"$(options_of "$compiler")"
            case $compiler-$more in
            gcc*-) ;;
            gcc*) options+=(--param tsan-distinguish-volatile=1) ;;
            *-) ;;
            *) options+=(-mllvm "$more=1") ;;
            esac
            [ "$(uname -m)" = x86_64 ] && options+=(-mcx16)
            "$compiler" -std=c11 -w -fsanitize=thread "$level" "${options[@]}" -I "$include" \
                -c "$source" -o "$work/object.o"
            nm --undefined-only "$work/object.o" | awk '$2 ~ /^__tsan_/ {print $2}' | sort -u \
                >"$work/called"
            if ! [ -s "$work/called" ]; then
                echo "$compiler $level: no call at all: was it instrumented?"
                exit 1
            fi
            while read -r name; do
                echo "$compiler $level ${options[*]}: $name is not answered"
                missing=1
            done < <(comm -23 "$work/called" "$work/answered")
            compiled=$((compiled + 1))
        done
    done
done
echo "$compiled objects compared"
[ "$compiled" -gt 0 ] && [ "$missing" -eq 0 ]
