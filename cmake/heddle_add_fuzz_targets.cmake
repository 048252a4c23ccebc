# heddle_add_fuzz_targets(<name> SCENARIOS <program> [FOLDER <folder>])
#
# Makes fuzz targets of the scenarios of <program>, which heddle_add_scenarios() has made: libFuzzer
# answers the choices of their executions.
#
#   <name>          all targets, with libFuzzer
#   <name>_replay   the same with a main() of its own, which runs inputs: for debuggers, for other
#                   machines
#
# Which target a program is follows from the name that it is started by: <scenario>, or
# <scenario>-fixed for its repaired twin. There are links of all names: to <name> in the folder
# `targets', to <name>_replay in `replays', both beside the programs in <folder>, else the current
# binary one.
#
# The scenarios are compiled with libFuzzer's coverage, also as part of <program>, which replays,
# shrinks and explains what is found. HEDDLE_FUZZING_ENGINE says what is linked as the fuzzer: a
# library, or a flag, as $LIB_FUZZING_ENGINE of OSS-Fuzz. Not said, it is the compiler's libFuzzer,
# without what -fsanitize=fuzzer adds where there is no sanitizer: interceptors of memcmp() and
# its like, which are the engine's here.

function(heddle_find_fuzzing_engine result)
    if(HEDDLE_FUZZING_ENGINE)
        set(${result} ${HEDDLE_FUZZING_ENGINE} PARENT_SCOPE)
        return()
    endif()
    execute_process(
        COMMAND ${CMAKE_C_COMPILER} --rtlib=compiler-rt -print-libgcc-file-name
        OUTPUT_VARIABLE library OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "builtins" "fuzzer" library "${library}")
    if(NOT EXISTS "${library}")
        string(REGEX MATCH "^[0-9]+" major ${CMAKE_C_COMPILER_VERSION})
        message(FATAL_ERROR " heddle: ${CMAKE_C_COMPILER} has no libFuzzer: install the Debian "
            "package libclang-rt-${major}-dev, or say in HEDDLE_FUZZING_ENGINE what to link")
    endif()
    set(${result} ${library} PARENT_SCOPE)
endfunction()

# With clang 14, ThreadSanitizer's instrumentation, by which the engine hears of memory, takes the
# counters of libFuzzer's coverage for memory of the program: races would be found where there are
# none.
function(heddle_require_silent_coverage)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/heddle_coverage.c)
    file(WRITE ${source} "void heddle_probe(void);\nvoid heddle_probe(void) {}\n")
    execute_process(
        COMMAND ${CMAKE_C_COMPILER} -fsanitize=thread,fuzzer-no-link -S -o - ${source}
        OUTPUT_VARIABLE assembly RESULT_VARIABLE code ERROR_VARIABLE reason)
    if(NOT code EQUAL 0)
        message(FATAL_ERROR " heddle: ${CMAKE_C_COMPILER} does not compile for libFuzzer: "
            "${reason}")
    endif()
    if(assembly MATCHES "__tsan_(unaligned_)?(read|write)")
        message(FATAL_ERROR " heddle: with ${CMAKE_C_COMPILER} ${CMAKE_C_COMPILER_VERSION} fuzz "
            "targets would show data races that are none, in libFuzzer's own counters. Install "
            "the Debian package clang-19; then, in a new build folder: CC=clang-19 "
            "CXX=clang++-19 cmake ...")
    endif()
endfunction()

# Links of all names to a program in the folder above; those of names that are no more go.
function(heddle_link_names program folder names)
    file(MAKE_DIRECTORY ${folder})
    file(GLOB links ${folder}/*)
    foreach(link IN LISTS links)
        file(READ_SYMLINK ${link} linked)
        if(linked STREQUAL "../${program}")
            file(REMOVE ${link})
        endif()
    endforeach()
    foreach(name IN LISTS names)
        file(CREATE_LINK ../${program} ${folder}/${name} SYMBOLIC)
    endforeach()
endfunction()

function(heddle_add_fuzz_program name scenarios command)
    get_target_property(libraries ${scenarios} HEDDLE_LIBRARIES)
    add_executable(${name} $<TARGET_OBJECTS:${scenarios}> ${command})
    # Whole: the fuzzer calls what is there, and what the engine intercepts must come before libc's.
    target_link_libraries(${name} PRIVATE
        $<LINK_LIBRARY:WHOLE_ARCHIVE,heddle::fuzz_target,heddle::engine> heddle::explored
        heddle::scenario ${libraries} ${ARGN})
endfunction()

function(heddle_add_fuzz_targets name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCENARIOS;FOLDER" "")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SCENARIOS)
        message(FATAL_ERROR " heddle_add_fuzz_targets(<name> SCENARIOS <program> "
            "[FOLDER <folder>]): ${arg_UNPARSED_ARGUMENTS} SCENARIOS ${arg_SCENARIOS}")
    endif()
    set(names)
    if(TARGET ${arg_SCENARIOS})
        get_target_property(names ${arg_SCENARIOS} HEDDLE_SCENARIOS)
    endif()
    if(NOT names)
        message(FATAL_ERROR " heddle_add_fuzz_targets: heddle_add_scenarios() has not made "
            "`${arg_SCENARIOS}'")
    endif()
    if(NOT arg_FOLDER)
        set(arg_FOLDER ${CMAKE_CURRENT_BINARY_DIR})
    endif()

    # The deepest stack is kept in a thread-local variable of libFuzzer's, which -femulated-tls
    # would not find. A cluster brings what its engine needs.
    if(NOT HEDDLE_FUZZ_FLAGS)
        heddle_require_silent_coverage()
        target_compile_options(${arg_SCENARIOS} PRIVATE
            -fsanitize=fuzzer-no-link -fno-sanitize-coverage=stack-depth)
    endif()
    set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${arg_FOLDER})
    set(command ${CMAKE_CURRENT_BINARY_DIR}/${name}_command.c)
    file(GENERATE OUTPUT ${command} CONTENT
"/* Generated by heddle_add_fuzz_targets(). */
extern const char hd_target_command[];
const char hd_target_command[] = \"$<TARGET_FILE_NAME:${arg_SCENARIOS}>\";
")

    heddle_find_fuzzing_engine(engine)
    heddle_add_fuzz_program(${name} ${arg_SCENARIOS} ${command} ${engine} stdc++ m)
    heddle_add_fuzz_program(${name}_replay ${arg_SCENARIOS} ${command} heddle::fuzz_standalone)
    heddle_link_names(${name} ${arg_FOLDER}/targets "${names}")
    heddle_link_names(${name}_replay ${arg_FOLDER}/replays "${names}")
endfunction()
