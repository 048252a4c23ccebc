"""Includes are <heddle/noun.h> for what is public, "folder/noun.h" for what is not."""

import re

import c_source

FOLDERS = ("engine/", "primitives/", "include/")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]*)"', re.MULTILINE)


def check(tree):
    for path in [p for folder in FOLDERS for p in tree.files("c", under=folder)]:
        for match in INCLUDE.finditer(tree.texts[path]):
            line = c_source.line_of(tree.texts[path], match.start())
            name = match.group(1)
            if path.startswith("include/"):
                yield path, line, f'"{name}": a public header includes only with <>'
            elif "/" not in name or name.startswith((".", "heddle/", "include/")):
                yield path, line, f'"{name}": write "folder/noun.h" or <heddle/noun.h>'


BAD = [
    {"primitives/x.c": '#include "x.h"\n'},
    {"primitives/x.c": '#include "../x.h"\n'},
    {"primitives/x.c": '#include "heddle/x.h"\n'},
    {"include/heddle/x.h": '#include "heddle/y.h"\n'},
]
GOOD = [{"primitives/x.c": '#include "primitives/x.h"\n\n#include <heddle/x.h>\n'}]
