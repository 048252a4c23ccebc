"""A folder answers one question: none is named utils, common, misc or helpers."""

BANNED = {"util", "utils", "common", "misc", "helper", "helpers"}


def check(tree):
    seen = set()
    for path in tree.texts:
        parts = path.split("/")[:-1]
        for depth, name in enumerate(parts, 1):
            folder = "/".join(parts[:depth])
            if name in BANNED and folder not in seen:
                seen.add(folder)
                yield path, 1, f"the folder name {folder}/ answers no question"


BAD = [{"primitives/utils/x.c": ""}, {"helpers/x.c": ""}]
GOOD = [{"primitives/x.c": "", "tests/primitives/helpers.c": ""}]
