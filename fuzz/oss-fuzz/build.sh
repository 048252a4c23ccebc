#!/usr/bin/env bash
# Builds the fuzz targets for a cluster: the contract's build.sh, of OSS-Fuzz and ClusterFuzzLite.
#
#   $SRC/heddle                                     this tree
#   $CC $CXX $CFLAGS $CXXFLAGS $LIB_FUZZING_ENGINE  the cluster's compilers, sanitizer and engine
#   $SANITIZER                                      address, undefined, coverage or none
#   $WORK                                           where to build
#   $OUT                                            gets, for each target:
#       <target>                    the program
#       <target>_seed_corpus.zip    what it begins with
#       <target>.options            how it is run
#
# It is run as it is, or as a copy in $SRC, so it knows no folder of its own. What is no bug when it
# is found is no target here: the canary.
set -eu

top=$SRC/heddle
build=$WORK/heddle

# What the engine of Heddle is made of must not be instrumented: $CFLAGS are for code under test.
configure() {
    local flags=$CFLAGS flavour=fuzz
    if [ "$SANITIZER" = address ]; then
        flavour=fuzz-asan
    fi
    (
        unset CFLAGS
        cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
            -DHEDDLE_FLAVOUR=$flavour -DHEDDLE_FUZZ_FLAGS="$flags" \
            -DHEDDLE_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
    )
}

# deliver <target> <program> <seeds> <options>
deliver() {
    local target=$1 program=$2 seeds=$3 options=$4
    cp "$program" "$OUT/$target"
    cp "$options" "$OUT/$target.options"
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$seeds" && python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
}

configure
names=()
for source in "$top"/fuzz/*_fuzz.c; do
    name=$(basename "$source" .c)
    [ "$name" = canary_fuzz ] || names+=("$name")
done
cmake --build "$build" --target "${names[@]}"
for name in "${names[@]}"; do
    deliver "$name" "$build/fuzz/$name" "$top/fuzz/corpus/${name%_fuzz}" \
        "$top/fuzz/oss-fuzz/$name.options"
done
