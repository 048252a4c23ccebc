"""A primitive is three files of one noun: its public header, its source and its test.

A header that declares no function needs neither source nor test. A source that is no public noun
may have a test, and so may a header of tests/primitives/ that names what several nouns share.
"""

import os
import re

import c_source


def check(tree):
    nouns = set()
    for path in tree.files("c", under="include/heddle/"):
        if not c_source.declarations(tree.texts[path]):
            continue
        noun = stem(path)
        nouns.add(noun)
        for other in (f"primitives/{noun}.c", f"tests/primitives/{noun}_test.c"):
            if other not in tree.texts:
                yield path, 1, f"has no {other}"
    nouns |= {stem(path) for path in tree.files("c", under="primitives/")}
    in_tests = tree.files("c", under="tests/primitives/")
    nouns |= {stem(path) for path in in_tests if path.endswith(".h")}
    for path in in_tests:
        if not path.endswith("_test.c"):
            continue
        noun = re.sub(r"(_stress|_soak)?_test$", "", stem(path))
        if noun not in nouns:
            yield path, 1, f"there is no primitive `{noun}': name the test after its noun"


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


HEADER = "void hd_x_init(struct hd_x *x);\n"
TRIPLE = {"include/heddle/x.h": HEADER, "primitives/x.c": "", "tests/primitives/x_test.c": ""}


def triple_without(path):
    return {p: t for p, t in TRIPLE.items() if p != path}


BAD = [
    triple_without("primitives/x.c"),
    triple_without("tests/primitives/x_test.c"),
    {**TRIPLE, "tests/primitives/y_stress_test.c": ""},
]
GOOD = [
    TRIPLE,
    {**TRIPLE, "tests/primitives/x_soak_test.c": "", "tests/primitives/support.c": ""},
    {"include/heddle/y.h": "struct hd_y {\n    int y;\n};\n"},
    {"primitives/futex.c": "", "tests/primitives/futex_test.c": ""},
    {"tests/primitives/kinds.h": "", "tests/primitives/kinds_test.c": ""},
]
