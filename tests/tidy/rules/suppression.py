"""Nothing is suppressed: no suppressions file, no code under test left out of a sanitizer.

A unit test may look at an object from outside, unseen: it is not what is under test. The engine's
hooks answer the calls that others suppress with.
"""

import re

import c_source

SETTING = re.compile(r"\bsuppressions=")
CODE = re.compile(r"\bno_sanitize\w*|__tsan_ignore_\w+|__(?:tsan|lsan|asan)_default_suppressions")

EXEMPT = ("tests/primitives/", "engine/hooks/")


def check(tree):
    for path, text in tree.texts.items():
        if path.endswith((".supp", "suppressions.txt")):
            yield path, 1, "a suppressions file"
        if path == "CMakePresets.json" or (path in tree.files("shell", "cmake")):
            for match in SETTING.finditer(text):
                yield path, c_source.line_of(text, match.start()), "names a suppressions file"
    for path in [p for p in tree.files("c") if not p.startswith(EXEMPT)]:
        for match in CODE.finditer(c_source.without_comments(tree.texts[path])):
            line = c_source.line_of(tree.texts[path], match.start())
            yield path, line, f"{match.group(0)} hides code from a sanitizer"


BAD = [
    {"tests/tsan.supp": ""},
    {"CMakePresets.json": '{"TSAN_OPTIONS": "suppressions=x"}\n'},
    {"primitives/x.c": "__attribute__((no_sanitize(\"thread\"))) int f(void);\n"},
]
GOOD = [
    {"primitives/x.c": "/* no_sanitize is not used */\n", "CMakePresets.json": "{}\n"},
    {"engine/hooks/access.c": "void __tsan_ignore_thread_begin(void) {}\n"},
    {"tests/primitives/support.c": "__attribute__((no_sanitize(\"thread\"))) int f(void);\n"},
]
