#!/usr/bin/env python3
"""A campaign over real targets that is killed half-way and goes on: it finds the deep bugs that
were planted, and loses nothing.

    real.py --deep FOLDER --seconds N TARGET|GLOB...

FOLDER has the targets of the scenarios here. Killed means SIGKILL for the campaign and all that it
started.
Exit: 0 all was as it must be; 1 something was not.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PLANTED = {"failure: staircase:", "deadlock (lock cycle): crossing:"}
# What happens beside the fuzzing, on a machine that has other work: shrinking, starting.
SLACK_SECONDS = 120


class Failed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Failed(what)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def run_until_half(command, folder, seconds):
    """Starts the campaign, and kills it with all its children when half of its time is over."""
    with open(folder.parent / "first.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    state = folder / "state.json"
    until = time.monotonic() + seconds / 2 + SLACK_SECONDS
    while not state.exists() or read(state)["elapsed"] < seconds / 2:
        require(process.poll() is None, f"it ended too soon: see {folder.parent}/first.log")
        require(time.monotonic() < until, "its time does not pass")
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 10
    while survivors(folder):
        require(time.monotonic() < until, f"these outlived the campaign: {survivors(folder)}")
        time.sleep(0.1)


def survivors(folder):
    """Command lines of processes that work in the campaign's folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            continue
        if f"{folder}/targets" in line:
            found.append(line)
    return found


def seen(folder):
    """What must not be lost: findings, and the coverage and executions of each target."""
    identities = {path.parent.name for path in (folder / "findings").glob("*/finding.json")}
    for path in (folder / "targets").glob("*/*/dropped/*.json"):
        identities.add(path.stem[-16:])
    return identities, read(folder / "state.json")["targets"]


def check_report(folder, summary):
    """It is written at the end, with each finding of Heddle, and with how far each target came."""
    require((folder / "report" / "report.html").is_file(), f"no report: {summary['report']}")
    report = read(folder / "report" / "findings.json")
    lost = {row["identity"] for row in summary["findings"]}
    lost -= {finding["identity"] for finding in report["findings"]}
    require(not lost, f"findings are not in the report: {lost}")
    executions = sorted(row["executions"] for row in summary["targets"])
    require(sorted(run["executions"] for run in report["runs"]) == executions,
            f"the report has other runs: {report['runs']}")


def check(folder, before, code, output):
    identities, targets = before
    summary = read(folder / "summary.json")
    titles = [row["title"] for row in summary["findings"]]
    require(code == 1, f"exit code {code}, and there are new findings:\n{output}")
    for planted in PLANTED:
        is_found = any(title.startswith(planted) for title in titles)
        require(is_found, f"not found: {planted}\n{output}")
    lost = identities - {row["identity"] for row in summary["findings"]}
    require(not lost, f"findings were lost: {lost}")
    for row in summary["targets"]:
        was = targets[row["target"]]
        require(row["executions"] >= was["executions"], f"executions were lost: {row}")
        require(row["coverage"] >= was["coverage"], f"coverage was lost: {was['coverage']}, {row}")
        # The first input that shows a finding also has the features of the replays that shrink it.
        require(row["features"] >= 0.8 * was["features"], f"features were lost: {was} {row}")
    check_report(folder, summary)
    for row in summary["findings"]:
        if any(row["title"].startswith(planted) for planted in PLANTED):
            check_replay(row)


def check_replay(row):
    """The reproducer is minimal, and its command shows the finding again."""
    one = row["reproducers"][0]
    require(one["state"] == "minimal", f"{row['title']} is not minimal: {one}")
    done = subprocess.run(one["replay"], shell=True, capture_output=True, text=True, check=False)
    require(done.returncode == 1, f"{one['replay']}: exit code {done.returncode}\n{done.stdout}")
    kind = row["kind"].replace("-", " ")
    require(done.stdout.startswith(kind), f"{one['replay']}: shows no {kind}\n{done.stdout}")


def run(arguments, work):
    folder = work / "campaign"
    command = [
        str(TOP / "fuzz" / "campaign"), "run", *arguments.targets, f"{arguments.deep}/*",
        "--dir", str(folder), "--seconds", str(arguments.seconds), "--disk-reserve", "1",
    ]
    run_until_half(command, folder, arguments.seconds)
    before = seen(folder)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=arguments.seconds + SLACK_SECONDS, check=False)
    require("goes on after" in done.stdout, f"it did not go on:\n{done.stdout}")
    check(folder, before, done.returncode, done.stdout)
    print(done.stdout)
    print(f"killed with {len(before[0])} findings; none of them was lost")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--deep", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("targets", nargs="+")
    arguments = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="campaign.real."))
    try:
        run(arguments, work)
    except Failed as failure:
        print(f"real.py: {failure}\nleft for you to look at: {work}")
        return 1
    shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
