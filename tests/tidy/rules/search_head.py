"""A strategy's and a detector's head comment states its Guarantee, Misses and Source."""

import c_source

FOLDERS = ("engine/strategies/", "engine/detectors/")
LABELS = {"Guarantee", "Misses", "Source"}


def check(tree):
    for path in [p for folder in FOLDERS for p in tree.files("c", under=folder)]:
        if not path.endswith(".c"):
            continue
        head = c_source.head_comment(tree.texts[path])
        for label in sorted(LABELS - c_source.labels(head)):
            yield path, 1, f"the head comment lacks the label {label}"


HEAD = "/*\n * X.\n *\n * Guarantee   G.\n * Misses      M.\n * Source      S.\n */\n"

BAD = [
    {folder + "x.c": HEAD.replace(f" * {label} ", " * ")} for folder in FOLDERS for label in LABELS
]
GOOD = [{folder + "x.c": HEAD} for folder in FOLDERS]
