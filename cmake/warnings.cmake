# hd_warnings: the warnings that all of Heddle's own code is compiled with; errors where
# HEDDLE_WERROR is on.

set(hd_warnings_all
    -Wall -Wextra -Wpedantic
    -Wcast-align -Wcast-qual -Wconversion -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough
    -Wpointer-arith -Wshadow -Wsign-conversion -Wundef -Wunused -Wvla -Wwrite-strings)
set(hd_warnings_c -Wmissing-prototypes -Wold-style-definition -Wstrict-prototypes)
set(hd_warnings_cxx -Wextra-semi -Wnon-virtual-dtor -Woverloaded-virtual)
set(hd_warnings_gcc -Wduplicated-branches -Wduplicated-cond -Wlogical-op)
set(hd_warnings_clang
    -Watomic-implicit-seq-cst -Wcomma -Wloop-analysis -Wunreachable-code-aggressive)

add_library(hd_warnings INTERFACE)
target_compile_options(hd_warnings INTERFACE
    ${hd_warnings_all}
    "$<$<COMPILE_LANGUAGE:C>:${hd_warnings_c}>"
    "$<$<COMPILE_LANGUAGE:CXX>:${hd_warnings_cxx}>"
    "$<$<C_COMPILER_ID:GNU>:${hd_warnings_gcc}>"
    "$<$<C_COMPILER_ID:Clang>:${hd_warnings_clang}>"
    $<$<BOOL:${HEDDLE_WERROR}>:-Werror>)
