# Makes constants of files: cmake -D OUTPUT=assets.c -D "ASSETS=a.js;b.css" -P embed.cmake
#
# Each becomes an entry of hdr_assets[] (asset.h), with a zero after its end.
set(arrays "")
set(entries "")
set(number 0)
foreach(asset IN LISTS ASSETS)
    cmake_path(GET asset FILENAME name)
    file(READ ${asset} bytes HEX)
    file(SIZE ${asset} size)
    string(REGEX REPLACE "(................................)" "\\1\n    " bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " bytes "${bytes}")
    string(APPEND arrays
        "static const unsigned char asset_${number}[] = {\n    ${bytes}0,\n};\n\n")
    string(APPEND entries "    {\"${name}\", (const char *)asset_${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}
"/* Generated: what lies in ci/report/viewer/. */
#include \"ci/report/asset.h\"

${arrays}const struct hdr_asset hdr_assets[] = {
${entries}    {NULL, NULL, 0},
};
")
