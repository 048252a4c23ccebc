"""A file of code is at most 500 lines: what pushes it over is a second noun."""

MAX = 500


def check(tree):
    for path in tree.files("c", "python", "shell", "cmake"):
        lines = tree.texts[path].count("\n")
        if lines > MAX:
            yield path, lines, f"{lines} lines; the most is {MAX}"


BAD = [{"primitives/long.c": "/* Long. */\n" * 501}]
GOOD = [
    {"primitives/long.c": "/* Long. */\n" * 500},
    {"fuzz/corpus/x/data.c": "int x;\n" * 900},
]
