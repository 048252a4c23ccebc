#!/usr/bin/env bash
# AFL++ drives a target: compiled by its compiler, linked with its driver in libFuzzer's place, it
# finds the canary, and what it keeps shows it under the command.
#
# AFL++ knows nothing of the mutator: it changes the bytes of inputs. Two values of 256 are guilty,
# so it takes some hundred executions; it makes thousands a second.
#
#   afl_test.sh <heddle> <folder of heddle_fuzz> <command of programs/> <folder of its targets>
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"
own_command=$3 own_folder=$4
build=$(cd "$(dirname "$1")" && pwd)

for tool in afl-clang-fast afl-fuzz; do
    if ! command -v $tool >/dev/null; then
        echo "$tool not found: install the Debian package afl++"
        exit 1
    fi
done
driver=$(dirname "$(readlink -f "$(command -v afl-clang-fast)")")/../lib/afl/libAFLDriver.a
cd "$work" || exit 1

# compile_commands.json says how the build compiles them; AFL++ has coverage of its own.
commands() {
    python3 - "$build/compile_commands.json" <<'PYTHON'
import json, shlex, sys

for entry in json.load(open(sys.argv[1])):
    if "heddle_fuzzed.dir" not in entry["command"]:
        continue
    words = shlex.split(entry["command"])
    while words[0].endswith("ccache"):
        words = words[1:]
    named = {"-o", "-MF", "-MT", "-c"}
    kept = [word for before, word in zip(words, words[1:])
            if word not in named and before not in named
            and not word.startswith(("-fsanitize=fuzzer", "-fno-sanitize-coverage", "-MD"))]
    print(shlex.join(["afl-clang-fast", *kept, "-Wno-everything", "-c", entry["file"]]))
PYTHON
}

build_target() {
    commands >compile.sh && bash -e compile.sh &&
        afl-clang-fast -no-pie -Wl,-z,now -o canary ./*.o "$own_folder/fuzzed_command.c" \
            -Wl,--whole-archive "$build/engine/libheddle_engine.a" \
            "$build/fuzz/scenario/libheddle_fuzz_target.a" -Wl,--no-whole-archive \
            "$build/primitives/libheddle_explored.a" "$build/ci/report/libheddle_report.a" \
            "$driver" -ldw -lelf -ljansson &&
        echo "built"
}
# Its own passes count in memory that ThreadSanitizer's would take for the program's; clang's does
# not.
export AFL_QUIET=1 AFL_LLVM_INSTRUMENT=LLVMNATIVE
expect "it builds" 0 '^built$' build_target

mkdir seeds
printf '\001\000\000\000\000\000\000\000' >seeds/empty
fuzz() {
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 \
        AFL_BENCH_UNTIL_CRASH=1 afl-fuzz -i seeds -o out -s 1 -V 60 -- ./canary
    grep saved_crashes out/default/fuzzer_stats
}
expect "it finds the canary" 0 'saved_crashes *: [1-9]' fuzz

found=$(find out/default/crashes -name 'id:*' | head -n 1)
expect "what it found is the canary" 1 '^(data race|deadlock)' \
    "$own_command" replay canary --input="$found"

[ "$failures" -eq 0 ]
