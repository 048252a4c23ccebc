# The target `coverage': prints which lines and branches of primitives/ the tests have reached
# since the last build.

find_program(HEDDLE_GCOVR gcovr)
mark_as_advanced(HEDDLE_GCOVR)
if(NOT HEDDLE_GCOVR)
    message(FATAL_ERROR " heddle: gcovr not found: install the Debian package gcovr")
endif()

# The counters are read by the gcov of the compiler that wrote them.
string(REGEX MATCH "^[0-9]+" major ${CMAKE_C_COMPILER_VERSION})
set(gcov_GNU gcov-${major})
set(gcov_Clang "llvm-cov-${major} gcov")

# annotate.h has its functions twice, for two builds of the primitives: gcovr does not merge those.
set(report ${PROJECT_BINARY_DIR}/coverage)
add_custom_target(coverage
    COMMAND ${CMAKE_COMMAND} -E make_directory ${report}
    COMMAND ${HEDDLE_GCOVR} --root ${PROJECT_SOURCE_DIR} --filter ${PROJECT_SOURCE_DIR}/primitives/
        --exclude ${PROJECT_SOURCE_DIR}/primitives/annotate[.]h
        --gcov-executable ${gcov_${CMAKE_C_COMPILER_ID}}
        --sort-uncovered --txt ${report}/coverage.txt --html-details ${report}/index.html
        --print-summary ${PROJECT_BINARY_DIR}
    COMMAND ${CMAKE_COMMAND} -E echo "report: ${report}/index.html"
    VERBATIM)
