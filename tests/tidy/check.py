#!/usr/bin/env python3
"""Checks the style of a tree: one rule a file in rules/.

    check.py [--list] [--rule NAME]... [TOP]

Exit: 0 nothing to mend; 1 something, each on a line `path:line: rule: what`; 2 usage.
"""

import argparse
import importlib
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import tree as trees  # noqa: E402  (needs the path above)


def load_rules():
    names = sorted(p.stem for p in (HERE / "rules").glob("*.py"))
    return {name: importlib.import_module(f"rules.{name}") for name in names}


def summary(rule):
    return rule.__doc__.strip().split("\n")[0]


def parse(rules):
    parser = argparse.ArgumentParser(description="Check the style of a tree.")
    parser.add_argument("--list", action="store_true", help="list the rules")
    parser.add_argument("--rule", action="append", choices=sorted(rules), help="only this rule")
    parser.add_argument("top", nargs="?", default=str(HERE.parent.parent), help="top of the tree")
    return parser.parse_args()


def main():
    rules = load_rules()
    arguments = parse(rules)
    if arguments.list:
        for name, rule in rules.items():
            print(f"{name:24} {summary(rule)}")
        return 0

    tree = trees.read_tree(arguments.top)
    if not tree.texts:
        print(f"check.py: there are no files in {arguments.top}", file=sys.stderr)
        return 2
    wanted = arguments.rule or list(rules)
    count = 0
    for name in wanted:
        for path, line, what in rules[name].check(tree):
            print(f"{path}:{line}: {name}: {what}")
            count += 1
    if count == 0:
        print(f"{len(tree.texts)} files, {len(wanted)} rules: nothing to mend")
        return 0
    only = "".join(f" --rule {name}" for name in arguments.rule or [])
    print(f"{count} to mend; reproduce: tests/tidy/check.py{only}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
