#!/usr/bin/env python3
"""Makes those of records/ that are what heddle writes anew, for when it writes something else.

    refresh_records.py HEDDLE PLANTED

They are as of programs that declare nothing, but for one; and what differs from build to build and
from run to run is the same. The others are made by hand: hostile, server, handshake.

SPDX-License-Identifier: MIT
"""

import pathlib
import re
import subprocess
import sys
import tempfile

RECORDS = pathlib.Path(__file__).resolve().parent / "records"
TOP = RECORDS.parents[2]

BUILD_ID = "46cd1098c063621724a80e3c77ac0fef9bd813e2"
SPEED = 1000  # executions a second
OWED = "lock_acquired_twice"
SCENARIOS = ("lost_update", "ab_ba", "notify_before_wait", "thread_never_joined",
             "wake_up_lost_to_time_out", OWED)
TWIN = "lost_update.fixed"


def explore(program, scenario, folder, *options):
    subprocess.run([program, "explore", scenario, f"--json={folder}", *options], cwd=TOP,
                   stdout=subprocess.DEVNULL, check=False)


def settled(name, text):
    text = re.sub(r'"build_id": "[0-9a-f]+"', f'"build_id": "{BUILD_ID}"', text)
    text = re.sub(r'("executions": ?)(\d+)(,\s*(?:"steps": \d+,\s*)?"seconds": ?)[0-9.]+',
                  lambda at: f"{at[1]}{at[2]}{at[3]}{int(at[2]) / SPEED:.3f}", text)
    if not name.startswith(OWED):
        text = text.replace('"is_owed": true', '"is_owed": null')
        if not name.startswith(TWIN):
            text = re.sub(r'"owes": "[^"]*"', '"owes": null', text)
            text = re.sub(r'"is_as_owed": \w+', '"is_as_owed": null', text)
    return text


def main():
    heddle, planted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        for scenario in SCENARIOS:
            explore(heddle, scenario, folder)
        explore(heddle, TWIN, folder, "--strategy=dfs", "--preemptions=all")
        explore(planted, "counter_of_halves", folder)
        written = {path.name: path.read_text() for path in pathlib.Path(folder).glob("*.json")}
    programs = {name.split(".")[0] for name in written}
    for path in RECORDS.glob("*.json"):
        if path.name.split(".")[0] in programs:
            path.unlink()
    for name, text in written.items():
        (RECORDS / name).write_text(settled(name, text), encoding="utf-8")
    print(f"{len(written)} records made anew; next: report_goldens")


if __name__ == "__main__":
    main()
