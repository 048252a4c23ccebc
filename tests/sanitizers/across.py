#!/usr/bin/env python3
"""Schedules recorded in one flavour are replayed in another, which is this build's.

    across.py FLAVOUR HEDDLE FILE...           each shows the kind of finding it was written for
    across.py FLAVOUR HEDDLE --unseen FILE...  none shows it, and it is said why

The event numbers in the files are those of the other flavour: the choices are found by their source
lines. Exit: 0 all did; 1 one did not.
"""

import subprocess
import sys


def header_of(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.split(maxsplit=1) for line in file]
    return {words[0]: words[1].strip() for words in lines if len(words) == 2}


def replay(heddle, path):
    done = subprocess.run([heddle, "replay", path], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr + done.stdout


def fault(flavour, heddle, path, is_unseen):
    """What is wrong with the replay of a file; None if nothing."""
    header = header_of(path)
    code, output = replay(heddle, path)
    words = header["finding"].replace("-", " ")
    if header["flavour"] == flavour:
        return "was recorded in this flavour"
    if "looked for by their source lines, and 0 of" not in output:
        return f"not all choices were found:\n{output}"
    if is_unseen:
        reason = f"written for: {header['finding']}, in flavour {header['flavour']}"
        return None if code == 0 and reason in output else f"exit {code}, not:\n{reason}\n{output}"
    if code != 1 or not output.splitlines()[-1].startswith("  replay: ") or words not in output:
        return f"exit {code}, no {words}:\n{output}"
    return None


def main(flavour, heddle, *paths):
    is_unseen = paths[0] == "--unseen"
    faults = 0
    for path in paths[is_unseen:]:
        found = fault(flavour, heddle, path, is_unseen)
        if found is not None:
            faults += 1
            print(f"{path}: {found}\nreproduce: {heddle} replay {path}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
