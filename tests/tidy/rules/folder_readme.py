"""Every folder of code has a README of 15 to 40 lines that names each of its sub-folders.

A folder that is all that its parent holds may leave this to the parent (include/heddle).
"""

import re

LEAST, MOST = 15, 40


def check(tree):
    for folder in tree.folders_of_code():
        path = folder + "/README.md"
        if path not in tree.texts:
            path = parent_readme(tree, folder)
        if path not in tree.texts:
            yield folder + "/README.md", 1, "this folder of code has no README.md"
            continue
        lines = tree.texts[path].count("\n")
        if not LEAST <= lines <= MOST:
            yield path, lines, f"{lines} lines; a folder's README has {LEAST} to {MOST}"
        yield from unnamed(tree, folder, path)
    if "README.md" in tree.texts:
        yield from unnamed(tree, "", "README.md")


def parent_readme(tree, folder):
    parent = folder.rpartition("/")[0]
    if parent and len(tree.subfolders(parent)) == 1 and parent not in tree.folders_of_code():
        return parent + "/README.md"
    return ""


def unnamed(tree, folder, readme):
    for name in tree.subfolders(folder):
        if not re.search(rf"(?<![\w-]){re.escape(name)}/", tree.texts[readme]):
            yield readme, 1, f"does not name its sub-folder {name}/"


README = "# X\n" + "\n" * 20

BAD = [
    {"primitives/x.c": ""},
    {"primitives/x.c": "", "primitives/README.md": "# Short\n"},
    {"primitives/x.c": "", "primitives/README.md": "\n" * 41},
    {"engine/x.c": "", "engine/README.md": README, "engine/hooks/x.txt": ""},
    {"README.md": "# Top\n", "docs/x.md": ""},
]
GOOD = [
    {"primitives/x.c": "", "primitives/README.md": README},
    {"include/heddle/x.h": "", "include/README.md": README},
    {"engine/x.c": "", "engine/README.md": README + "`hooks/`\n", "engine/hooks/x.txt": ""},
    {"fuzz/README.md": README, "fuzz/corpus/x/seed": ""},
    {"docs/notes.md": "no code here\n"},
]
