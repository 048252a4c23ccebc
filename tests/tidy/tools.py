#!/usr/bin/env python3
"""Runs a checking tool over the files of the tree that it is for.

    tools.py format <clang-format>
    tools.py shellcheck <shellcheck>
    tools.py clang_tidy <clang-tidy> <build folder>

Exit: 0 nothing to mend; 1 something, with the command that shows it again; 2 usage.
"""

import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True

import tree as trees  # noqa: E402  (no bytecode in the source tree)

# States that the analyzer looks at in a function: less than a fifth of the default, in a quarter
# of the time: 4 s instead of 15 for engine/hooks/mutex.c.
ANALYZER_DEPTH = [
    f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "max-nodes=40000")
]

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def run(commands):
    """Runs the commands, as many at a time as there are cores; 1 if one of them fails."""
    if not commands:
        print("tools.py: there is nothing to check, which cannot be right")
        return 1
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for command, done in zip(commands, pool.map(run_one, commands)):
            if done.returncode != 0:
                failed += 1
                print(done.stdout + done.stderr, end="")
                print(f"reproduce: {shlex.join(command)}")
    print(f"{len(commands)} runs, {failed} failed")
    return 1 if failed else 0


def run_one(command):
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)


def batches(paths, size=20):
    return [paths[i:i + size] for i in range(0, len(paths), size)]


def check_format(tool):
    files = trees.read_tree(TOP).files("c")
    return run([[tool, "--dry-run", "-Werror", *batch] for batch in batches(files)])


def check_shell(tool):
    files = trees.read_tree(TOP).files("shell")
    return run([[tool, "-x", "-P", ".", *batch] for batch in batches(files)])


def check_clang_tidy(tool, build):
    """Each source once, however many targets compile it."""
    build = pathlib.Path(build).resolve()
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        source = pathlib.Path(entry["file"])
        if source.suffix == ".c" and build not in source.parents:
            entries.setdefault(str(source), entry)
    work = build / "tests" / "tidy"
    (work / "compile_commands.json").write_text(json.dumps(list(entries.values())))
    # The compiler of the preset may be gcc, some of whose warnings clang does not know.
    options = ["--quiet", "--extra-arg=-Wno-unknown-warning-option", *ANALYZER_DEPTH]
    return run([[tool, "-p", str(work), *options, source] for source in sorted(entries)])


def main(arguments):
    checks = {
        ("format", 1): check_format,
        ("shellcheck", 1): check_shell,
        ("clang_tidy", 2): check_clang_tidy,
    }
    check = checks.get((arguments[0] if arguments else "", len(arguments) - 1))
    if check is None:
        print(__doc__, file=sys.stderr)
        return 2
    return check(*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
