"""Every atomic access spells its order: the reader must not wonder whether seq_cst was meant.

A macro may take the order as its operand: it is spelled where the macro is used.
"""

import re

import c_source

FOLDERS = ("engine/", "primitives/", "include/")
ORDER = re.compile(r"__ATOMIC_(?:RELAXED|CONSUME|ACQUIRE|RELEASE|ACQ_REL|SEQ_CST)\b")
BUILTIN = r"__atomic_(?:load|store|exchange|compare_exchange|test_and_set|clear|thread_fence|" \
    r"signal_fence|(?:fetch_)?(?:add|sub|and|or|xor|nand)(?:_fetch)?)(?:_n)?"
BARE = r"__sync_\w+|atomic_(?:load|store|exchange|fetch_\w+|compare_exchange_\w+|flag_\w+)"
MACRO = re.compile(r"^#define (?:.*\\\n)*.*$", re.MULTILINE)


def without_macros(text):
    return MACRO.sub(lambda macro: "\n" * macro.group().count("\n"), text)


def check(tree):
    for path in [p for folder in FOLDERS for p in tree.files("c", under=folder)]:
        text = without_macros(tree.texts[path])
        for line, name, call in c_source.calls(text, BUILTIN):
            wanted = 2 if "compare_exchange" in name else 1
            if len(ORDER.findall(call)) < wanted:
                yield path, line, f"{name}() does not spell its memory order"
        for line, name, _ in c_source.calls(text, BARE):
            if not name.endswith("_explicit"):
                yield path, line, f"{name}() has no memory order; use the __atomic_ builtins"


BAD = [
    {"primitives/x.c": "int f(int *x)\n{\n    return __atomic_load_n(x, order);\n}\n"},
    {"primitives/x.h": "int f(int *x)\n{\n    return atomic_load(x);\n}\n"},
    {"primitives/x.c": "int f(int *x)\n{\n    return __sync_fetch_and_add(x, 1);\n}\n"},
    {
        "primitives/x.c": "#define A \\\n    1\nint f(int *x)\n{\n"
        "    return __sync_fetch_and_add(x, 1);\n}\n"
    },
    {
        "primitives/x.c": "int f(int *x, int *y)\n{\n    return __atomic_compare_exchange_n(\n"
        "        x, y, 1, 0, __ATOMIC_ACQUIRE, order);\n}\n"
    },
]
GOOD = [
    {
        "primitives/x.c": "int f(int *x)\n{\n    return __atomic_fetch_add(x, 1,\n"
        "                              __ATOMIC_RELAXED);\n}\n"
    },
    {"primitives/x.c": "int f(int *x)\n{\n    return atomic_load_explicit(x, a);\n}\n"},
    {"primitives/x.c": "/* no atomic_load(x) here */\n"},
    {"engine/x.h": "#define LOAD(x, order) \\\n    __atomic_load_n(x, order)\n"},
]
