# Finds the libraries that Heddle and its tests use; one line names the Debian package of one that
# is missing.

# The imported target `name` for a library that is found by a header and the library itself.
function(hd_require_library name header library package)
    if(TARGET ${name})
        return()
    endif()
    find_path(HEDDLE_${name}_INCLUDE ${header})
    find_library(HEDDLE_${name}_LIBRARY ${library})
    mark_as_advanced(HEDDLE_${name}_INCLUDE HEDDLE_${name}_LIBRARY)
    if(NOT HEDDLE_${name}_INCLUDE OR NOT HEDDLE_${name}_LIBRARY)
        message(FATAL_ERROR " heddle: <${header}> and lib${library} not found: "
            "install the Debian package ${package}, or configure with -DHEDDLE_TESTS=OFF")
    endif()
    add_library(${name} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${name} PROPERTIES
        IMPORTED_LOCATION ${HEDDLE_${name}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${HEDDLE_${name}_INCLUDE})
endfunction()

# Threads::Threads.
function(hd_require_threads)
    set(THREADS_PREFER_PTHREAD_FLAG ON)
    find_package(Threads)
    if(NOT Threads_FOUND)
        message(FATAL_ERROR " heddle: <pthread.h> not found: install the Debian package libc6-dev")
    endif()
endfunction()
