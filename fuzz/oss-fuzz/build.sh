#!/usr/bin/env bash
# Builds the fuzz targets for a cluster: the contract's build.sh, of OSS-Fuzz and ClusterFuzzLite.
#
#   $SRC/heddle                                     this tree
#   $CC $CXX $CFLAGS $CXXFLAGS $LIB_FUZZING_ENGINE  the cluster's compilers, sanitizer and engine
#   $SANITIZER                                      address, undefined, coverage or none
#   $FUZZING_ENGINE                                 libfuzzer or afl
#   $WORK                                           where to build
#   $OUT                                            gets, for each target:
#       <target>                    the program
#       <target>_seed_corpus.zip    what it begins with
#       <target>.options            how it is run
#
# It is run as it is, or as a copy in $SRC, so it knows no folder of its own. With arguments it
# builds only these programs. What is no bug when it is found is no target here: the canary, and
# scenarios that owe another verdict than `clean'.
set -eu

top=$SRC/heddle
build=$WORK/heddle
programs=("$@")
if [ $# -eq 0 ]; then
    programs=(queue_ops_fuzz)
    # Where clang joins two counters of source coverage, its accesses look like the program's own.
    [ "$SANITIZER" = coverage ] || programs+=(heddle_fuzz operations_fuzz)
fi
# AFL++'s own instrumentation counts in place, which would look like that too; clang's calls it.
# ccache does not know that the variable makes a difference.
if [ "$FUZZING_ENGINE" = afl ]; then
    export AFL_LLVM_INSTRUMENT=LLVM-NATIVE CCACHE_DISABLE=1
fi

# What the engine of Heddle is made of must not be instrumented: $CFLAGS are for code under test.
configure() {
    local flags=$CFLAGS flavour=fuzz engine=$LIB_FUZZING_ENGINE
    if [ "$SANITIZER" = address ]; then
        flavour=fuzz-asan
    fi
    # The flag also links interceptors of memcmp() and the like, which are the engine's here; the
    # build finds the library that it stands for.
    if [ "$engine" = -fsanitize=fuzzer ]; then
        engine=
    fi
    (
        unset CFLAGS
        cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
            -DHEDDLE_FLAVOUR=$flavour -DHEDDLE_FUZZ_FLAGS="$flags" \
            -DHEDDLE_FUZZING_ENGINE="$engine" -DCMAKE_BUILD_RPATH="\$ORIGIN/lib" \
            -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags
    )
}

# carry <program>: the libraries that not every image has go to $OUT/lib, where it looks for them.
carry() {
    local name path
    mkdir -p "$OUT/lib"
    ldd "$1" | awk '$2 == "=>" { print $1, $3 }' | while read -r name path; do
        case $name in
        libc.so.* | libm.so.* | libgcc_s.so.* | libstdc++.so.* | libresolv.so.*) ;;
        libpthread.so.* | libdl.so.* | librt.so.*) ;;
        *) cp -L "$path" "$OUT/lib/$name" ;;
        esac
    done
}

# deliver <target> <program> <seeds> <options>
deliver() {
    local target=$1 program=$2 seeds=$3 options=$4
    cp "$program" "$OUT/$target"
    cp "$options" "$OUT/$target.options"
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$seeds" && python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
}

# deliver_scenarios <program> <command> <seeds>: of the command's scenarios, those that owe the
# verdict `clean'.
deliver_scenarios() {
    local program=$1 command=$2 seeds=$3 name
    carry "$program"
    "$command" list | awk '$3 == "clean" { print $1 }' | while read -r name; do
        deliver "${name/./-}" "$program" "$seeds" "$top/fuzz/oss-fuzz/scenario.options"
    done
}

configure
for program in "${programs[@]}"; do
    case $program in
    heddle_fuzz)
        cmake --build "$build" --target heddle_fuzz heddle_scenarios
        deliver_scenarios "$build/fuzz/heddle_fuzz" "$build/heddle" "$top/fuzz/corpus/scenario"
        ;;
    operations_fuzz)
        cmake --build "$build" --target operations_fuzz heddle_operations
        deliver_scenarios "$build/fuzz/operations_fuzz" \
            "$build/fuzz/operations/heddle_operations" "$top/fuzz/corpus/operations"
        ;;
    *)
        cmake --build "$build" --target "$program"
        deliver "$program" "$build/fuzz/$program" "$top/fuzz/corpus/${program%_fuzz}" \
            "$top/fuzz/oss-fuzz/$program.options"
        ;;
    esac
done
