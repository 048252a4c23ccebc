"""Every public function states, under fixed labels, what its caller must know.

Requires, Blocks and Ordering always; Returns unless it returns nothing; Units where it or a
parameter is named `*_ns`; Ownership where it takes or gives a `void *' or a `const char *'.
"""

import re

import c_source

POINTER = re.compile(r"\bvoid\s*\*|\bconst char\s*\*")


def check(tree):
    for path in tree.files("c", under="include/heddle/"):
        for name, line, head, comment in c_source.declarations(tree.texts[path]):
            if not comment:
                yield path, line, f"{name}() has no comment right above it"
                continue
            missing = required(name, head) - c_source.labels(comment)
            for label in sorted(missing):
                yield path, line, f"{name}() lacks the label {label}"


def required(name, head):
    wanted = {"Requires", "Blocks", "Ordering"}
    before = head[: head.index(name)]
    returns_nothing = re.search(r"\bvoid\s*$", before) is not None
    if not returns_nothing:
        wanted.add("Returns")
    if re.search(r"_ns\b", head):
        wanted.add("Units")
    if POINTER.search(head):
        wanted.add("Ownership")
    return wanted


FULL = """/*
 * Wait.
 *
 * Requires    Initialised.
 * Blocks      Yes.
 * Units       deadline_ns is in nanoseconds.
 * Returns     HD_OK  done.
 * Ownership   The item is the caller's.
 * Ordering    None.
 */
enum hd_result hd_x_wait(struct hd_x *x, void **item, uint64_t deadline_ns);
"""


def without(label):
    return re.sub(rf" \* {label} .*\n", "", FULL)


LABELS = ("Requires", "Blocks", "Units", "Returns", "Ownership", "Ordering")

BAD = [{"include/heddle/x.h": without(label)} for label in LABELS] + [
    {"include/heddle/x.h": "void hd_x_init(struct hd_x *x);\n"},
    {"include/heddle/x.h": 'extern "C" {\n' + without("Blocks") + "}\n"},
    {"include/heddle/x.h": without("Blocks").replace(";\n", "\n{\n    return HD_OK;\n}\n")},
]
GOOD = [
    {"include/heddle/x.h": FULL},
    {"include/heddle/x.h": "typedef void *hd_x_function(void *argument);\nstruct hd_x;\n"},
    {"primitives/x.h": "void hd_x_look(struct hd_x *x);\n"},
]
