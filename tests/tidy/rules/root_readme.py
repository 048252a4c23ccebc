"""The README shows its first command that can be run by line 20."""

import re

LAST_LINE = 20
# In a fence or indented by four: what a reader would paste into a shell.
COMMAND = re.compile(r"^(    |\$ |    \$ )?(git clone|cmake|ctest|ci/run|make|sudo|build/)\b")


def check(tree):
    if "README.md" not in tree.texts:
        yield "README.md", 1, "there is no README.md"
        return
    in_fence = False
    for line in tree.texts["README.md"].split("\n")[:LAST_LINE]:
        if line.startswith("```"):
            in_fence = not in_fence
        elif (in_fence or line.startswith("    ")) and COMMAND.match(line):
            return
    yield "README.md", LAST_LINE, f"no command that can be run up to line {LAST_LINE}"


BAD = [
    {"x": ""},
    {"README.md": "# X\n\nRun cmake --workflow.\n"},
    {"README.md": "# X\n" * 20 + "```\ncmake --workflow --preset dev\n```\n"},
]
GOOD = [
    {"README.md": "# X\n\n```\n$ cmake --workflow --preset dev\n```\n"},
    {"README.md": "# X\n\n    ci/run test\n"},
]
