"""A public object's header says what may run at the same time, its ordering and its source.

An object is a header <noun>.h that declares `struct hd_<noun> {` and functions on it.
"""

import os
import re

import c_source

LABELS = {"Concurrency", "Ordering", "Source"}


def check(tree):
    for path in tree.files("c", under="include/heddle/"):
        text = tree.texts[path]
        noun = os.path.basename(path)[:-2]
        if not re.search(rf"^struct hd_{noun} \{{", text, re.MULTILINE):
            continue
        if not c_source.declarations(text):
            continue
        head = c_source.head_comment(text)
        for label in sorted(LABELS - c_source.labels(head)):
            yield path, 1, f"the head comment lacks the label {label}"
        if not re.search(r"^ \* .*\s[X-]\s+[X-]", head, re.MULTILINE):
            yield path, 1, "the head comment has no concurrency table of `-' and `X'"


OBJECT = """/*
 * X: a thing.
 *
 * Concurrency   Which calls may run at the same time:
 *
 *                init  use
 *         init    X     X
 *         use     X     -
 *
 * Ordering      None.
 * Source        Textbook.
 */
struct hd_x {
    int x;
};
void hd_x_init(struct hd_x *x);
"""

BAD = [
    {"include/heddle/x.h": OBJECT.replace("Concurrency", "Threads    ")},
    {"include/heddle/x.h": OBJECT.replace("Ordering ", "Order    ")},
    {"include/heddle/x.h": OBJECT.replace("Source ", "From   ")},
    {"include/heddle/x.h": OBJECT.replace("X     X", "no    no").replace("X     -", "no    yes")},
]
GOOD = [
    {"include/heddle/x.h": OBJECT},
    {"include/heddle/x_list.h": "/*\n * List.\n */\nstruct hd_x_list {\n    int x;\n};\n"},
]
