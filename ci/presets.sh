# Building and testing presets. Sourced, in the top folder of the tree.
# shellcheck shell=bash

all_presets=(dev release dev-gcc dev-clang14 asan tsan explore aarch64 coverage
    fuzz fuzz-tsan fuzz-asan)
logs=build/logs

require_preset() {
    local preset
    for preset in "${all_presets[@]}"; do
        [ "$preset" = "$1" ] && return
    done
    usage_error "there is no preset \`$1'; there are: ${all_presets[*]}"
}

# Configures and builds one preset, or what further options of `cmake --build' ask for; shows the
# output only if that fails.
build_preset() {
    local preset=$1 log=$logs/$1-build.log
    mkdir -p "$logs"
    case $preset in
    aarch64) ci/aarch64_root || return 1 ;;
    esac
    if cmake --preset "$preset" >"$log" 2>&1 &&
        cmake --build --preset "$@" >>"$log" 2>&1; then
        return 0
    fi
    tail -n 60 "$log"
    echo "preset $preset does not build; all of its output is in $log"
    echo "reproduce: cmake --preset $preset && cmake --build --preset $preset"
    return 1
}

# The names of the tests that failed in the last run of ctest in a build folder.
failed_tests() {
    local file=$1/Testing/Temporary/LastTestsFailed.log
    [ -f "$file" ] && cut -d: -f2 "$file"
}

# One line for each failed test: how to run it alone.
print_reproductions() {
    local preset=$1 test
    failed_tests "build/${preset%-soak}" | while read -r test; do
        echo "reproduce: ctest --preset $preset -R '^${test//./\\.}\$'"
    done
}
