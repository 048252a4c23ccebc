#!/usr/bin/env python3
"""Checks the checker: every rule is green on its GOOD trees and red on each of its BAD ones.

A rule that cannot go red would look just like a tree with nothing to mend.
"""

import sys

import check
from tree import Tree


def failures_of(name, rule):
    if not rule.BAD or not rule.GOOD:
        yield f"{name}: needs at least one BAD and one GOOD tree"
    for number, texts in enumerate(rule.BAD):
        if not list(rule.check(Tree(texts))):
            yield f"{name}: BAD[{number}] {list(texts)}: the rule does not see what is wrong here"
    for number, texts in enumerate(rule.GOOD):
        for path, line, what in rule.check(Tree(texts)):
            yield f"{name}: GOOD[{number}] {path}:{line}: {what}"


def main():
    rules = check.load_rules()
    failures = [f for name, rule in rules.items() for f in failures_of(name, rule)]
    for failure in failures:
        print(failure)
    bad = sum(len(rule.BAD) for rule in rules.values())
    good = sum(len(rule.GOOD) for rule in rules.values())
    print(f"{len(rules)} rules, {bad} bad trees, {good} good trees: {len(failures)} failures")
    if failures:
        print("reproduce: tests/tidy/selftest.py")
    return 1 if failures or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
