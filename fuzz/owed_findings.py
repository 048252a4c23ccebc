#!/usr/bin/env python3
"""Writes which findings the scenarios of programs owe, as a baseline for fuzz/campaign: what is
found in a scenario that is wrong on purpose is known, what is found anywhere else is new.

    owed_findings.py FILE PROGRAM...

A PROGRAM is made by heddle_add_scenarios(); its command `list' says what each scenario owes.

SPDX-License-Identifier: MIT
"""

import pathlib
import re
import subprocess
import sys


def owing(program):
    """The names of its scenarios that are not clean."""
    listing = subprocess.run([program, "list"], capture_output=True, text=True, check=True)
    head, *lines = listing.stdout.rstrip("\n").split("\n")
    owes, end = head.index("OWES"), head.index("SUMMARY")
    names = [line.split()[0] for line in lines if line[owes:end].strip() != "clean"]
    if not lines or not re.match(r"NAME +CATEGORY +OWES +SUMMARY", head):
        raise ValueError(f"{program} list: this is no list of scenarios: {head}")
    return names


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    lines = ["# What scenarios owe; made by fuzz/owed_findings.py."]
    for program in arguments[1:]:
        lines += [f"*:{name}:*" for name in owing(program)]
    pathlib.Path(arguments[0]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
