"""Does every format write what its golden says?

The formats are those that `heddle report --help' names, so that none is forgotten. What is written
does not depend on the order in which records are read. With --rewrite, golden/ becomes what is
written now.

    formats_test.py HEDDLE [--rewrite]

SPDX-License-Identifier: MIT
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
JUDGED = ["--baseline", "judged/known.txt", "--suppressions", "judged/accepted.txt"]
VIEWER = HERE.parents[1] / "ci" / "report" / "viewer"

# What would change the output, wherever the test runs.
FOREIGN = re.compile(r"^(GITHUB_|GITLAB_|CI$|NO_COLOR$|TSAN_OPTIONS$)")


def run(heddle, *arguments):
    environment = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    # What dot draws depends on its version, and on fonts: without it, edges are text.
    environment["PATH"] = os.devnull
    done = subprocess.run([heddle, "report", *arguments], cwd=HERE, env=environment, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"heddle report {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def formats(heddle):
    """What each format writes, by its name: a file, or a folder."""
    _, _, listed = run(heddle, "--help").partition("\nFormats:\n")
    found = dict(re.findall(r"^  (\S+) +(\S+) ", listed.split("\n\n")[0], re.MULTILINE))
    return found or sys.exit("heddle report --help names no format")


def shape(text):
    """Without the viewer's own files, which are not what a format makes of records."""
    for asset in sorted(VIEWER.glob("*.*")):
        text = text.replace(asset.read_text(encoding="utf-8"), "")
    return text


def tree(folder):
    """The text of each file, by its name within the folder."""
    return {
        str(path.relative_to(folder)): shape(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def written(heddle, operands, formats_wanted=None):
    with tempfile.TemporaryDirectory() as folder:
        chosen = [] if formats_wanted is None else ["--format", formats_wanted]
        run(heddle, *operands, *chosen, *JUDGED, "--output", folder)
        return tree(pathlib.Path(folder))


def belongs(name, writes):
    return name == writes or name.startswith(writes.rstrip("/") + "/")


def differences(golden, now):
    for name in sorted(golden.keys() | now.keys()):
        if golden.get(name) != now.get(name):
            yield from list(difflib.unified_diff(
                golden.get(name, "").split("\n"), now.get(name, "").split("\n"),
                f"golden/{name}", f"written/{name}", lineterm=""))[:60]


def rewrite(now):
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for name, text in now.items():
        path = GOLDEN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(now)} goldens rewritten")


def mistakes(heddle, now):
    golden = tree(GOLDEN)
    for name, writes in formats(heddle).items():
        if not any(belongs(file, writes) for file in golden):
            yield f"the format {name} has no golden {writes}"
        alone = written(heddle, ["records"], name)
        wanted = {file: text for file, text in now.items() if belongs(file, writes)}
        if alone != wanted:
            yield f"--format {name} alone wrote {sorted(alone)}, all of them {sorted(wanted)}"
    yield from differences(golden, now)


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    now = written(heddle, ["records"])
    if sys.argv[2:] == ["--rewrite"]:
        rewrite(now)
        return
    found = list(mistakes(heddle, now))
    files = sorted(f"records/{path.name}" for path in (HERE / "records").iterdir())
    if written(heddle, reversed(files)) != now:
        found.append("the order in which records are read changes what is written")
    if found:
        print("\n".join(found))
        sys.exit("reproduce: cmake --build --preset explore --target report_goldens && "
                 "git diff tests/report/golden")


if __name__ == "__main__":
    main()
