"""A line of code is at most 100 columns."""

MAX = 100


def check(tree):
    for path in tree.files("c", "python", "shell", "cmake"):
        for number, line in enumerate(tree.texts[path].split("\n"), 1):
            if len(line) > MAX:
                yield path, number, f"{len(line)} columns; the most is {MAX}"


BAD = [
    {"primitives/wide.c": "/* " + "x" * 98 + " */\n"},
    {"ci/run": "#!/bin/sh\n#" + "x" * 100 + "\n"},
]
GOOD = [{"primitives/wide.c": "x" * 100 + "\n", "README.md": "x" * 200 + "\n"}]
