# HEDDLE_FLAVOUR: how code under test is compiled and what watches it.
#
# It decides what two interface targets add, and nothing else does: no preset sets CMAKE_C_FLAGS.
#
#     hd_instrumented     what runs on real threads: the library `heddle', and every test
#     hd_explored         what the engine runs, where it does: `heddle_explored', scenarios
#
# It also decides whether the engine runs (hd_explores), and which sanitizer's runtime watches
# beside it (hd_sanitizer: none, thread or address).

set(HEDDLE_FLAVOURS native explore asan tsan coverage fuzz fuzz-tsan fuzz-asan)
set(HEDDLE_FLAVOUR native CACHE STRING "How code under test is compiled: ${HEDDLE_FLAVOURS}")
set_property(CACHE HEDDLE_FLAVOUR PROPERTY STRINGS ${HEDDLE_FLAVOURS})
if(NOT HEDDLE_FLAVOUR IN_LIST HEDDLE_FLAVOURS)
    list(JOIN HEDDLE_FLAVOURS ", " choices)
    message(FATAL_ERROR
        " heddle: HEDDLE_FLAVOUR is `${HEDDLE_FLAVOUR}', which is none of: ${choices}")
endif()

# Frame pointers and no tail calls: the stacks in reports are then complete.
set(hd_flags_readable -g -fno-omit-frame-pointer -fno-optimize-sibling-calls)
# For the engine: calls that it answers, and checks of what watches beside it. clang's driver
# refuses two sanitizers, because their runtimes exclude each other; its frontend does not
# (docs/decisions/0008-two-sanitizers-at-once.md). Frames that AddressSanitizer keeps after a return
# would lie wherever earlier executions have left room.
set(hd_flags_watched -fsanitize=thread)
if(HEDDLE_FLAVOUR MATCHES "^(fuzz-)?asan$")
    set(hd_flags_watched -fsanitize=address,undefined -fsanitize-recover=address,undefined
        -fsanitize-address-use-after-return=never "SHELL:-Xclang -fsanitize=thread")
endif()

# ThreadSanitizer's calls are those that the engine answers; thread-local variables become calls as
# well. Compiling only: where nothing else watches, an execution links no runtime but ours. clang
# leaves out a read that a write to the same place follows; as a scheduling point it is needed. It
# makes no difference between weak and strong compare-and-exchange; a header does.
set(hd_weak_cas_installed ${CMAKE_INSTALL_LIBDIR}/cmake/heddle/engine/weak_cas.h)
set(hd_flags_explored ${hd_flags_watched} -femulated-tls
    "SHELL:-mllvm -tsan-instrument-read-before-write=1"
    "SHELL:$<BUILD_INTERFACE:-include ${PROJECT_SOURCE_DIR}/engine/weak_cas.h>"
    "SHELL:$<INSTALL_INTERFACE:-include $<INSTALL_PREFIX>/${hd_weak_cas_installed}>"
    ${hd_flags_readable})
set(hd_flags_asan -fsanitize=address,undefined -fno-sanitize-recover=all ${hd_flags_readable})
set(hd_flags_tsan -fsanitize=thread ${hd_flags_readable})
set(hd_flags_explore ${hd_flags_readable})
# Threads count into the same counters: without atomic updates some of the counts are lost.
set(hd_flags_coverage --coverage -fprofile-update=atomic -g)
# Coverage feedback without libFuzzer's main(): that one only fuzz targets link. A cluster brings
# flags of its own for that and for the sanitizer, and an engine of its own: see fuzz/oss-fuzz/.
set(HEDDLE_FUZZ_FLAGS "" CACHE STRING "A cluster's flags, in place of the flavour's")
set(HEDDLE_FUZZING_ENGINE "" CACHE STRING "What links fuzz targets, in place of libFuzzer")
set(hd_flags_cluster)
set(hd_flags_feedback -fsanitize=fuzzer-no-link)
set(hd_flags_fuzz -fsanitize=fuzzer-no-link ${hd_flags_readable})
set(hd_flags_fuzz-tsan -fsanitize=fuzzer-no-link ${hd_flags_tsan})
set(hd_flags_fuzz-asan -fsanitize=fuzzer-no-link ${hd_flags_asan})
if(HEDDLE_FUZZ_FLAGS)
    separate_arguments(hd_flags_cluster UNIX_COMMAND "${HEDDLE_FUZZ_FLAGS}")
    set(hd_flags_feedback ${hd_flags_cluster})
    set(hd_flags_${HEDDLE_FLAVOUR} ${hd_flags_cluster} ${hd_flags_readable})
endif()

# The deepest stack is kept in a thread-local variable of libFuzzer's, which -femulated-tls would
# not find.
if(HEDDLE_FLAVOUR MATCHES "^fuzz")
    list(APPEND hd_flags_explored
        ${hd_flags_feedback} -fno-sanitize-coverage=stack-depth)
endif()

# Whether the engine runs, and what watches beside it.
set(hd_explores OFF)
if(HEDDLE_FLAVOUR MATCHES "^((fuzz-)?(asan|tsan)|explore|fuzz)$")
    set(hd_explores ON)
endif()
set(hd_sanitizer none)
if(HEDDLE_FLAVOUR MATCHES "^(fuzz-)?tsan$")
    set(hd_sanitizer thread)
elseif(HEDDLE_FLAVOUR MATCHES "^(fuzz-)?asan$")
    set(hd_sanitizer address)
endif()

add_library(hd_instrumented INTERFACE)
target_compile_options(hd_instrumented INTERFACE ${hd_flags_${HEDDLE_FLAVOUR}})
target_link_options(hd_instrumented INTERFACE ${hd_flags_${HEDDLE_FLAVOUR}})

add_library(hd_explored INTERFACE)
target_compile_options(hd_explored INTERFACE ${hd_flags_explored})

if(hd_explores AND NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR " heddle: flavour ${HEDDLE_FLAVOUR} needs clang, for -femulated-tls, and "
        "this is ${CMAKE_C_COMPILER_ID}: use the preset ${HEDDLE_FLAVOUR}, or install the Debian "
        "package clang-19")
endif()
if(HEDDLE_FLAVOUR MATCHES "^fuzz" AND NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR " heddle: flavour ${HEDDLE_FLAVOUR} needs clang, for libFuzzer, and this "
        "is ${CMAKE_C_COMPILER_ID}: use the preset ${HEDDLE_FLAVOUR}, or install the Debian "
        "package clang-19")
endif()

# Compilers come without their sanitizer runtimes; say which package is missing before a link fails
# on it.
if(NOT HEDDLE_FLAVOUR MATCHES "^(native|explore|fuzz)$")
    include(CheckCSourceCompiles)
    set(CMAKE_REQUIRED_FLAGS "${hd_flags_${HEDDLE_FLAVOUR}}")
    list(JOIN CMAKE_REQUIRED_FLAGS " " CMAKE_REQUIRED_FLAGS)
    set(CMAKE_REQUIRED_LINK_OPTIONS ${hd_flags_${HEDDLE_FLAVOUR}})
    check_c_source_compiles("int main(void) { return 0; }" HEDDLE_LINKS_${HEDDLE_FLAVOUR})
    unset(CMAKE_REQUIRED_FLAGS)
    unset(CMAKE_REQUIRED_LINK_OPTIONS)
    if(NOT HEDDLE_LINKS_${HEDDLE_FLAVOUR})
        unset(HEDDLE_LINKS_${HEDDLE_FLAVOUR} CACHE)
        string(REGEX MATCH "^[0-9]+" major ${CMAKE_C_COMPILER_VERSION})
        set(package_Clang libclang-rt-${major}-dev)
        set(package_GNU libgcc-${major}-dev)
        message(FATAL_ERROR " heddle: ${CMAKE_C_COMPILER} does not link flavour ${HEDDLE_FLAVOUR}: "
            "install the Debian package ${package_${CMAKE_C_COMPILER_ID}}")
    endif()
endif()
