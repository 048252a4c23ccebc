# `ctest -T memcheck`, for CDash: the tests once more, with the reports of a sanitizer gathered from
# log files into Testing/<date>/DynamicAnalysis.xml.
#
# In the flavours tsan and asan. CTest replaces the sanitizer's options by its own, which name the
# logs, Testing/Temporary/MemoryChecker.<test>.log, and by those that are set here: every report of
# a program is wanted, not only the first. `heddle report Testing/Temporary` reads the logs too.

if(HEDDLE_FLAVOUR STREQUAL "tsan")
    set(MEMORYCHECK_TYPE ThreadSanitizer)
    set(MEMORYCHECK_SANITIZER_OPTIONS "halt_on_error=0:second_deadlock_stack=1:atexit_sleep_ms=0")
elseif(HEDDLE_FLAVOUR STREQUAL "asan")
    set(MEMORYCHECK_TYPE AddressSanitizer)
    set(MEMORYCHECK_SANITIZER_OPTIONS
        "detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1")
else()
    return()
endif()

# None of the targets Nightly, Continuous and Experimental, only what ctest reads.
set_property(GLOBAL PROPERTY CTEST_TARGETS_ADDED 1)
include(CTest)
