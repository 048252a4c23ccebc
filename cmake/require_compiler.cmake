# Says in one line what to install where the compiler or the build tool that was asked for is not
# there.
#
# Included before project(), whose own message for this is eight lines that name no package.

# A message that begins with a blank is not wrapped: it stays one line.
function(hd_require_program what program package)
    find_program(HEDDLE_FOUND_PROGRAM NAMES ${program} NO_CACHE)
    if(NOT HEDDLE_FOUND_PROGRAM)
        list(GET program 0 first)
        message(FATAL_ERROR
            " heddle: ${what} `${first}' not found: install the Debian package ${package}")
    endif()
endfunction()

if(CMAKE_GENERATOR MATCHES "^Ninja" AND NOT CMAKE_MAKE_PROGRAM)
    hd_require_program("build tool" ninja ninja-build)
endif()

if(CMAKE_TOOLCHAIN_FILE)
    # Our own one finds its compilers itself. It is run here already, because its error would be
    # followed by three more if it came from inside project().
    if(CMAKE_TOOLCHAIN_FILE MATCHES "/prefer_clang\\.cmake$")
        include(${CMAKE_TOOLCHAIN_FILE})
    endif()
else()
    if(CMAKE_C_COMPILER)
        cmake_path(GET CMAKE_C_COMPILER FILENAME package)
        hd_require_program("C compiler" ${CMAKE_C_COMPILER} ${package})
    elseif(NOT DEFINED ENV{CC})
        hd_require_program("C compiler" "cc;gcc;clang" gcc)
    endif()
    if(CMAKE_CXX_COMPILER)
        cmake_path(GET CMAKE_CXX_COMPILER FILENAME package)
        string(REPLACE "clang++" "clang" package ${package})
        hd_require_program("C++ compiler" ${CMAKE_CXX_COMPILER} ${package})
    elseif(NOT DEFINED ENV{CXX})
        hd_require_program("C++ compiler" "c++;g++;clang++" g++)
    endif()
endif()
