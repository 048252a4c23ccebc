"""No call hides a choice from the schedule, drops its check in a release, or has no bound.

The system call has one place, primitives/futex.c; hooks and main are the engine's doors to the
outside.
"""

import re

import c_source

CHECKED = ("engine/", "primitives/", "scenarios/")
ASSERT = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<assert\.h>", re.MULTILINE)
CHOICE = "rand|srand|random|srandom|drand48|time|clock|getenv"
UNBOUNDED = "gets|strcpy|strcat|sprintf|vsprintf|strtok|alloca"


def check(tree):
    for path in [p for folder in CHECKED for p in tree.files("c", under=folder)]:
        text = tree.texts[path]
        for match in ASSERT.finditer(text):
            line = c_source.line_of(text, match.start())
            yield path, line, "<assert.h>: a release build drops its checks"
        for line, name, _ in c_source.calls(text, banned_in(path)):
            yield path, line, f"{name}() is banned here"


def banned_in(path):
    banned = UNBOUNDED
    if not path.startswith("engine/hooks/") and path != "engine/main.c":
        banned += "|" + CHOICE
    if path.startswith("primitives/") and path != "primitives/futex.c":
        banned += "|syscall"
    return banned


def calling(call):
    return "int f(void)\n{\n    return " + call + ";\n}\n"


BAD = [
    {"primitives/x.c": "#include <assert.h>\n"},
    {"engine/x.c": calling("rand()")},
    {"engine/strategies/x.c": calling("(int)time(NULL)")},
    {"scenarios/race/x.c": calling("getenv(\"X\") != NULL")},
    {"primitives/x.c": calling("sprintf(a, b)")},
    {"primitives/x.c": calling("(int)syscall(SYS_futex)")},
]
GOOD = [
    {"engine/hooks/time.c": calling("(int)time(NULL)")},
    {"primitives/futex.c": calling("(int)syscall(SYS_futex)")},
    {"primitives/x.c": "/* rand() */\n" + calling("hd_clock(1) + queue->time(2) + snprintf(a, 1)")},
    {"tests/primitives/x_test.c": "#include <assert.h>\n"},
]
