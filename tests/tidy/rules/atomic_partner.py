"""Every order but relaxed names its partner.

A comment with `pairs with' stands at most six lines above the call, or in it.
"""

import re

import c_source

FOLDERS = ("engine/", "primitives/", "include/")
ORDERED = re.compile(r"__ATOMIC_(?:CONSUME|ACQUIRE|RELEASE|ACQ_REL|SEQ_CST)\b")
LINES_ABOVE = 6


def check(tree):
    for path in [p for folder in FOLDERS for p in tree.files("c", under=folder)]:
        text = tree.texts[path]
        lines = text.split("\n")
        for line, name, call in c_source.calls(text, r"__atomic_\w+"):
            if ORDERED.search(call) and not has_partner(lines, line, call.count("\n")):
                yield path, line, f"{name}() is ordered and names no partner (`pairs with ...')"


def has_partner(lines, line, more_lines):
    near = "\n".join(lines[max(0, line - 1 - LINES_ABOVE):line + more_lines])
    return re.search(r"[Pp]airs\s+(\*\s+)?with", near) is not None


def acquiring(comment, gap=0):
    return (
        "int f(int *x)\n{\n" + comment + "    x++;\n" * gap
        + "    return __atomic_load_n(x, __ATOMIC_ACQUIRE);\n}\n"
    )


PAIRS = "    /* Acquire: pairs with the release in g(). */\n"

BAD = [
    {"primitives/x.c": acquiring("")},
    {"primitives/x.c": acquiring("    /* Acquire. */\n")},
    {"primitives/x.c": acquiring(PAIRS, gap=6)},
]
GOOD = [
    {"primitives/x.c": acquiring(PAIRS)},
    {"primitives/x.c": acquiring(PAIRS, gap=5)},
    {"primitives/x.c": acquiring("    /* Acquire: pairs\n     * with the release in g(). */\n")},
    {"primitives/x.c": acquiring("").replace("ACQUIRE", "RELAXED")},
]
