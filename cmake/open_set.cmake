# hd_open_set(<prefix> <folder> <kind> <plural> <variable>): the sources of <folder>/<plural>/, and
# a table of their descriptors <prefix>_<kind>_<file>, sorted by name, which ends in NULL:
#
#     const struct <prefix>_<kind> *const <prefix>_<plural>[];
#
# <folder>/<kind>.h declares both. The sources are appended to <variable>.
function(hd_open_set prefix folder kind plural variable)
    file(GLOB members CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/${plural}/*.c)
    list(SORT members)
    set(declarations "")
    set(entries "")
    foreach(member IN LISTS members)
        cmake_path(GET member STEM name)
        string(APPEND declarations
            "extern const struct ${prefix}_${kind} ${prefix}_${kind}_${name};\n")
        string(APPEND entries "    &${prefix}_${kind}_${name},\n")
    endforeach()
    set(table ${CMAKE_CURRENT_BINARY_DIR}/${plural}.c)
    file(CONFIGURE OUTPUT ${table} @ONLY CONTENT
"/* Generated: what lies in @folder@/@plural@/. */
#include <stddef.h>

#include \"@folder@/@kind@.h\"

@declarations@
const struct @prefix@_@kind@ *const @prefix@_@plural@[] = {
@entries@    NULL,
};
")
    set(${variable} ${${variable}} ${members} ${table} PARENT_SCOPE)
endfunction()
