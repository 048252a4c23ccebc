"""A primitive is three files of one noun: its public header, its source and its test.

A header that declares no function needs neither source nor test, and one that the engine answers is
no primitive's. A test may also be about what several nouns share.
"""

import os

import c_source


def check(tree):
    for path in tree.files("c", under="include/heddle/"):
        if not c_source.declarations(tree.texts[path]):
            continue
        noun = stem(path)
        if is_of_engine(tree, noun):
            continue
        for other in (f"primitives/{noun}.c", f"tests/primitives/{noun}_test.c"):
            if other not in tree.texts:
                yield path, 1, f"has no {other}"


def is_of_engine(tree, noun):
    include = f"#include <heddle/{noun}.h>"
    return any(include in tree.texts[path] for path in tree.files("c", under="engine/"))


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


HEADER = "void hd_x_init(struct hd_x *x);\n"
TRIPLE = {"include/heddle/x.h": HEADER, "primitives/x.c": "", "tests/primitives/x_test.c": ""}


def triple_without(path):
    return {p: t for p, t in TRIPLE.items() if p != path}


BAD = [
    triple_without("primitives/x.c"),
    triple_without("tests/primitives/x_test.c"),
]
GOOD = [
    TRIPLE,
    {**TRIPLE, "tests/primitives/x_soak_test.c": "", "tests/primitives/support.c": ""},
    {"include/heddle/y.h": "struct hd_y {\n    int y;\n};\n"},
    {**TRIPLE, "tests/primitives/fork_test.c": ""},
    {"include/heddle/x.h": HEADER, "engine/finding.h": "#include <heddle/x.h>\n"},
]
