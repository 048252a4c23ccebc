# Compiles through ccache where it is installed and nothing else has been asked for.

if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_C_COMPILER_LAUNCHER)
    find_program(HEDDLE_CCACHE ccache DOC "Compiler cache; used when found")
    mark_as_advanced(HEDDLE_CCACHE)
    if(HEDDLE_CCACHE)
        set(CMAKE_C_COMPILER_LAUNCHER ${HEDDLE_CCACHE})
        set(CMAKE_CXX_COMPILER_LAUNCHER ${HEDDLE_CCACHE})
    endif()
endif()
