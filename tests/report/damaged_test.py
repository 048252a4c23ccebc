"""Is a report written of records that lack a key, or have something else there, and of text
that is no UTF-8?

Of each record of records/, each key (of the last element of lists, too) is left out, and becomes
what it never is, once each. All formats must be written, each time, and XML and JSON be such.

    damaged_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
KEPT = ("format", "record", "identity")  # without these it is no record
WRONG = [None, True, -(1 << 63), (1 << 63) - 1, -1e300, "lock", [], {}, [None], [["x"]], [{}]]
LOCK_STEP = {"event": "lock", "object": 0}
NAMELESS = ("first", "second")
LONG = "x" + "é" * 60  # an odd place to cut it is in the middle of a letter

# A log that names a lock and a file in Latin-1.
LOG = """==================
WARNING: ThreadSanitizer: data race (pid=7)
  Write of size 4 at 0x123456 by thread T1 (mutexes: write M\xe9):
    #0 add plain.c:3 (program+0x1)

  Previous read of size 4 at 0x123456 by main thread:
    #0 add \xe4.c:4 (program+0x2)

  Mutex M\xe9 (0x7b0c00000000) created at:
    #0 main plain.c:9 (program+0x3)

SUMMARY: ThreadSanitizer: data race plain.c:3 in add
==================
"""


def paths(value, above=()):
    """Where keys are: those of the last element of each list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*above, key))
    if isinstance(value, list):
        for index, inner in list(enumerate(value))[-1:]:
            yield from paths(inner, (*above, index))
    if above and above[0] not in KEPT:
        yield above


def change(record, path, wrong):
    """A copy with something else at that path; without wrong[0], with nothing there."""
    record = copy.deepcopy(record)
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    if wrong:
        inner[path[-1]] = wrong[0]
    else:
        del inner[path[-1]]
    return record


def write(folder, record, number):
    """Each finding is another one, so that all are shown."""
    if record["record"] != "run":
        record["identity"] = f"{number:016x}"
    (folder / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")


def damage(folder):
    number = 0
    for file in sorted((HERE / "records").glob("*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        # The longest ones have nothing that others lack, and the last step of a thread matters.
        for key in ("steps", "rows", "excerpts"):
            if isinstance(record.get(key), list):
                record[key] = record[key][-2:]
        if record["record"] == "finding":
            for step in record["steps"]:
                step.update(LOCK_STEP)
        for path in paths(record):
            for wrong in ([], WRONG[number % len(WRONG):][:1]):
                number += 1
                write(folder, change(record, path, wrong), number)
    write(folder, {**record, "flavour": LONG}, number + 1)
    # Without an identity they are not one.
    for name in NAMELESS:
        nameless = {"format": 2, "record": "finding", "message": name}
        (folder / f"{name}.json").write_text(json.dumps(nameless), encoding="utf-8")
    return number + 1 + len(NAMELESS)


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        (top / "in").mkdir()
        count = damage(top / "in")
        (top / "in" / "x.log").write_text(LOG, encoding="latin-1")
        (top / os.fsdecode(b"\xe4.c")).touch()
        environment = {**os.environ, "PATH": os.devnull}
        done = subprocess.run([heddle, "report", top / "in", "--output", top / "out"], cwd=top,
                              env=environment, text=True, capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"of {count} damaged records: exit {done.returncode}\n{done.stderr[-2000:]}")
        xml.etree.ElementTree.parse(top / "out" / "junit.xml")
        for file in ("findings.json", "heddle.sarif", "gl-code-quality-report.json"):
            json.loads((top / "out" / file).read_text(encoding="utf-8"))
        findings = json.loads((top / "out/findings.json").read_text(encoding="utf-8"))["findings"]
        messages = [finding.get("message") for finding in findings]
        if not all(name in messages for name in NAMELESS):
            sys.exit("of two findings without an identity, one is lost")
        print(f"{count} damaged records")


if __name__ == "__main__":
    main()
