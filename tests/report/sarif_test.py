#!/usr/bin/env python3
"""SARIF: Microsoft's validator takes it, GitHub's rules included, and it keeps GitHub's limits.

    sarif_test.py HEDDLE

The validator is @microsoft/sarif-multitool, of ci/report/viewer/package.json. It looks nothing up
in the network: sarif_validation.xml. What it warns of and must be so is in EXPECTED.

SPDX-License-Identifier: MIT
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
VALIDATOR = (HERE.parents[1] / "ci/report/viewer/node_modules/@microsoft"
             / "sarif-multitool-linux/Sarif.Multitool")
HEDDLE = ""

# Of each rule, why it must be so.
EXPECTED = {
    "SARIF2005": "informationUri: the project has no address of its own yet",
}

STEPS_MAX = 10000
COMPRESSED_MAX = 10 * 1000 * 1000

THREADS = 100
ROWS = 12000


def run(command, **options):
    return subprocess.run(command, text=True, capture_output=True, check=False, **options)


def validate(folder):
    """What the validator has to say of all files of a folder: {file: [(rule, level, message)]}."""
    verdict = folder / "verdict.json"
    done = run([VALIDATOR, "validate", *sorted(folder.glob("*.sarif*")), "--rule-kind", "Sarif;Gh",
                "--config", HERE / "sarif_validation.xml", "--level", "Error;Warning",
                "--output", verdict],
               env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
                    "DOTNET_CLI_TELEMETRY_OPTOUT": "1"})
    if not verdict.exists():
        raise AssertionError(f"the validator did not run:\n{done.stdout}{done.stderr}")
    said = {path.name: [] for path in folder.glob("*.sarif*")}
    for result in json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"][0]["results"]:
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        said[location["uri"].rsplit("/", 1)[-1]].append(
            (result["ruleId"], result.get("level", "warning"), json.dumps(result["message"])))
    return said


def steps_of(result):
    return sum(len(flow["locations"])
               for code in result.get("codeFlows", [])
               for flow in code["threadFlows"])


def large_record():
    """A finding with more rows than GitHub takes, by a hundred threads; the first row is marked."""
    record = json.loads(next((HERE / "records").glob("lost_update.5*.json")).read_text())
    rows = [dict(record["rows"][0], thread=number % THREADS + 1, step=None, steps=0,
                 is_marked=number in (0, ROWS // 2), action=f"row {number}")
            for number in range(ROWS)]
    threads = [dict(record["threads"][1], id=number, name=f"thread {number}")
               for number in range(THREADS + 1)]
    return dict(record, rows=rows, threads=threads)


class Sarif(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def written(self, operand, name="heddle.sarif", code=0):
        done = run([HEDDLE, "report", operand, "--format", "sarif,sarif_all",
                    "--suppressions", "judged/accepted.txt", "--baseline", "judged/known.txt",
                    "--output", self.folder], cwd=HERE)
        self.assertEqual(done.returncode, code, done.stderr)
        return self.folder / name

    def written_of_nothing(self):
        nothing = self.folder / "nothing"
        nothing.mkdir()
        return self.written(nothing, code=3)

    def large(self):
        record = self.folder / "large.json"
        record.write_text(json.dumps(large_record()), encoding="utf-8")
        return record

    def results(self, path):
        return json.loads(path.read_text(encoding="utf-8"))["runs"][0]["results"]

    def test_the_validator_takes_all_but_what_is_wrong(self):
        """It is slow to start: all files at once."""
        files = self.folder / "files"
        files.mkdir()
        self.written_of_nothing().rename(files / "nothing.sarif")
        small = self.written("records").rename(files / "small.sarif")
        (self.folder / "heddle-all.sarif.json").rename(files / "small-all.sarif.json")
        wrong = json.loads(small.read_text(encoding="utf-8"))
        wrong["runs"][0]["results"][0]["ruleIndex"] = 99
        (files / "wrong.sarif").write_text(json.dumps(wrong), encoding="utf-8")
        said = validate(files)
        self.assertIn("error", [level for _, level, _ in said.pop("wrong.sarif")])
        unexpected = {name: [one for one in of_file if one[0] not in EXPECTED]
                      for name, of_file in said.items()}
        self.assertEqual(unexpected, {"nothing.sarif": [], "small.sarif": [],
                                      "small-all.sarif.json": []})

    def test_a_report_of_nothing_has_no_results(self):
        self.assertEqual(self.results(self.written_of_nothing()), [])

    def test_what_is_suppressed_is_only_in_the_file_for_editors(self):
        shown = self.results(self.written("records"))
        everything = self.results(self.folder / "heddle-all.sarif.json")
        self.assertEqual([one for one in shown if one["suppressions"]], [])
        kinds = sorted(one["suppressions"][0]["kind"] for one in everything if one["suppressions"])
        self.assertEqual(kinds, ["external", "inSource"])
        self.assertEqual(len(everything), len(shown) + len(kinds))
        states = {one["properties"]["status"]: one["baselineState"] for one in everything}
        self.assertEqual(states["known"], "unchanged")
        self.assertEqual(states["new"], "new")

    def test_the_second_flow_tells_the_same_as_the_first(self):
        flows = [result["codeFlows"] for result in self.results(self.written("records"))
                 if "codeFlows" in result]
        self.assertGreater(len(flows), 3)
        for merged, by_thread in flows:
            steps = [step for flow in by_thread["threadFlows"] for step in flow["locations"]]
            steps.sort(key=lambda step: step["executionOrder"])
            self.assertEqual(merged["threadFlows"][0]["locations"], steps)

    def test_a_large_finding_keeps_the_limits_and_what_matters(self):
        path = self.written(self.large())
        result = self.results(path)[0]
        self.assertLessEqual(steps_of(result), STEPS_MAX)
        merged = result["codeFlows"][0]["threadFlows"][0]["locations"]
        self.assertEqual(len(merged), STEPS_MAX // 2)
        orders = [step["executionOrder"] for step in merged]
        self.assertEqual(orders, sorted(orders))
        self.assertEqual(orders[0], 1)
        self.assertIn(ROWS // 2 + 1, orders)
        self.assertEqual(orders[-1], ROWS)
        self.assertEqual(len(result["codeFlows"][1]["threadFlows"]), THREADS)
        said = json.loads(path.read_text())["runs"][0]["invocations"][0]
        self.assertIn(f"have no room: {ROWS - STEPS_MAX // 2}.",
                      said["toolExecutionNotifications"][0]["message"]["text"])
        self.assertLess(len(gzip.compress(path.read_bytes())), COMPRESSED_MAX)


if __name__ == "__main__":
    HEDDLE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    if not VALIDATOR.exists():
        sys.exit(f"{VALIDATOR} is missing: npm ci --prefix ci/report/viewer")
    unittest.main()
