"""A function is at most 60 lines, from its first line to its closing brace."""

import c_source

MAX = 60


def check(tree):
    for path in tree.files("c"):
        for name, first, last, _ in c_source.functions(tree.texts[path]):
            if last - first + 1 > MAX:
                yield path, first, f"{name}() is {last - first + 1} lines; the most is {MAX}"


def sized(lines):
    return "int\nf(int a)\n{\n" + "    a++;\n" * (lines - 4) + "}\n"


BAD = [
    {"primitives/f.c": sized(61)},
    {"primitives/f.h": 'extern "C" {\n' + sized(61) + "}\n"},
    {"primitives/f.c": "static const int t[] = {\n    1,\n};\n" + sized(61)},
]
GOOD = [
    {"primitives/f.c": sized(60) + sized(60)},
    {"primitives/f.c": "static const int t[] = {\n" + "    1,\n" * 80 + "};\n"},
    {"primitives/f.c": "struct f {\n" + "    int x;\n" * 80 + "};\n"},
    {"primitives/f.c": "MACRO(a)\n" * 80 + "int f(int (*g)(void))\n{\n    return g();\n}\n"},
]
