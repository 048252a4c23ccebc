#!/usr/bin/env python3
"""Of a campaign's folder a report shows each finding once, and how far each target came.

    campaign_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
HEDDLE = ""
LOG = """\
==================
WARNING: ThreadSanitizer: data race (pid=1)
  Write of size 4 at 0x5581 by thread T1:
    #0 increment /src/scenarios/race/lost_update.c:31 (lost_update+0x1)

  Previous write of size 4 at 0x5581 by thread T2:
    #0 increment /src/scenarios/race/lost_update.c:31 (lost_update+0x1)

SUMMARY: ThreadSanitizer: data race /src/scenarios/race/lost_update.c:31 in increment
==================
"""


class CampaignTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="campaign.")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name) / "campaign"
        record = next(HERE.glob("records/ab_ba.????????????????.json")).read_text(encoding="utf-8")
        self.identity = json.loads(record)["identity"]
        run = (HERE / "records" / "ab_ba.run.json").read_text(encoding="utf-8")
        one = f"findings/{self.identity}/fuzz-tsan"
        for name, text in {
            "state.json": "{}",
            "events.log": LOG,
            "summary.md": LOG,
            f"findings/{self.identity}/finding.json": '{"identity": "x"}',
            f"{one}/record.json": record,
            f"{one}/report.txt": LOG,
            f"{one}/original": LOG,
            "findings/0123456789abcdef/finding.json": "{}",
            "findings/0123456789abcdef/plain/report.txt": LOG,
            "findings/0123456789abcdef/plain/input": "x",
            "runs/fuzz-tsan.ab_ba.run.json": run,
            "targets/fuzz-tsan/ab_ba/last.log": LOG,
            "targets/fuzz-tsan/ab_ba/corpus/0001/unit": LOG,
            "targets/fuzz-tsan/ab_ba/dropped/ab_ba-0123456789abcdef.json": record,
            "report/report.html": LOG,
            "report/records.json": record,
        }.items():
            path = self.dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def report(self, *operands):
        output = self.dir.parent / "output"
        words = [HEDDLE, "report", *map(str, operands), "--format=json", f"--output={output}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads((output / "findings.json").read_text(encoding="utf-8"))

    def test_each_finding_once(self):
        findings = self.report(self.dir)["findings"]
        self.assertEqual({one["identity"]: (one["kind"], one["seen"]) for one in findings},
                         {self.identity: ("deadlock", 1), "0123456789abcdef": ("data-race", 1)})

    def test_elsewhere_a_log_has_its_own_identity(self):
        log = self.dir / "findings/0123456789abcdef/plain/report.txt"
        named, = self.report(log)["findings"]
        moved = self.dir.parent / "0123456789abcdef" / "plain"
        moved.mkdir(parents=True)
        log.rename(moved / "report.txt")
        found, = self.report(moved.parent)["findings"]
        self.assertEqual(found["identity"], named["identity"])
        self.assertNotEqual(found["identity"], "0123456789abcdef")

    def test_how_far_each_target_came(self):
        runs = self.report(self.dir)["runs"]
        self.assertEqual([one["program"] for one in runs], ["ab_ba"])

    def test_what_is_named_is_read(self):
        findings = self.report(self.dir / "targets")["findings"]
        self.assertIn(self.identity, {one["identity"] for one in findings})


if __name__ == "__main__":
    HEDDLE = os.path.abspath(sys.argv.pop(1))
    unittest.main()
