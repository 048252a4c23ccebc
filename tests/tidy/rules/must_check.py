"""A public function that returns enum hd_result is marked HD_MUST_CHECK."""

import c_source


def check(tree):
    for path in tree.files("c", under="include/heddle/"):
        for name, line, head, _ in c_source.declarations(tree.texts[path]):
            before = head[: head.index(name)]
            if "enum hd_result" in before and "HD_MUST_CHECK" not in before:
                yield path, line, f"{name}() returns a result and lacks HD_MUST_CHECK"


BAD = [{"include/heddle/x.h": "enum hd_result hd_x_try(struct hd_x *x);\n"}]
GOOD = [
    {"include/heddle/x.h": "HD_MUST_CHECK enum hd_result hd_x_try(struct hd_x *x);\n"},
    {"include/heddle/x.h": "const char *hd_x_name(enum hd_result result);\n"},
]
