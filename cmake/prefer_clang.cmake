# Toolchain file of the sanitizer presets: clang 19 if it is there, else the newest down to clang
# 14.
#
# Older runtimes miss interceptors (pthread_mutex_clocklock before 19) and do not re-execute
# themselves under high-entropy address randomization (before 18.1), so the newest one gives the
# most credible reports.

if(NOT HEDDLE_CLANG)
    find_program(HEDDLE_CLANG
        NAMES clang-19 clang-18 clang-17 clang-16 clang-15 clang-14
        DOC "The C compiler of the sanitizer presets")
endif()
if(NOT HEDDLE_CLANG)
    message(FATAL_ERROR " heddle: no clang >= 14 found: "
        "install the Debian packages clang-19 and libclang-rt-19-dev")
endif()

set(CMAKE_C_COMPILER ${HEDDLE_CLANG})
string(REGEX REPLACE "clang(-[0-9]+)$" "clang++\\1" CMAKE_CXX_COMPILER ${HEDDLE_CLANG})
