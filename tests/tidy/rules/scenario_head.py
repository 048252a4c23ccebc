"""A scenario's head comment states its Bug, what it Needs, its Fix and its Source."""

import c_source

LABELS = {"Bug", "Needs", "Fix", "Source"}


def check(tree):
    for path in tree.files("c", under="scenarios/"):
        if not path.endswith(".c"):
            continue
        head = c_source.head_comment(tree.texts[path])
        for label in sorted(LABELS - c_source.labels(head)):
            yield path, 1, f"the head comment lacks the label {label}"


HEAD = "/*\n * X.\n *\n * Bug      B.\n * Needs    N.\n * Fix      F.\n * Source   S.\n */\n"

BAD = [{"scenarios/race/x.c": HEAD.replace(f" * {label} ", " * ")} for label in LABELS]
GOOD = [{"scenarios/race/x.c": HEAD}]
