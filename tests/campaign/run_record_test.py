#!/usr/bin/env python3
"""How far each target came is on disk at any moment, as a record that `heddle report` reads."""

import json
import os
import re
import signal
import unittest

import jsonschema
import support
from campaigns.run_record import run_record
from campaigns.state import POINTS_MAX, TargetState
from campaigns.target import Target

TARGET = Target("/w/tree/build/fuzz/ring-fixed", "ring-fixed", "fuzz", "none", True, "", "/w/tree")
FORMAT = support.TOP / "docs" / "FINDING_FORMAT.md"
SCHEMA = json.loads((support.TOP / "docs" / "finding.schema.json").read_text(encoding="utf-8"))


def documented_keys():
    """The keys of a run, as the document names them."""
    text = FORMAT.read_text(encoding="utf-8")
    section = text.partition("\n## A run\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z_]+)`", re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", section)))


def figures_of(points):
    """Those of a target after slices with so many executions, states and findings in all."""
    figures = TargetState(TARGET.path)
    for number, (executions, states, findings) in enumerate(points, 1):
        figures.executions, figures.features, figures.seconds = executions, states, number
        figures.add_point(float(number), findings)
    return figures


class RunRecordTest(support.CampaignTest):
    def runs(self):
        paths = sorted((self.dir / "runs").glob("*.run.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def record(self, points, findings=()):
        record = run_record(TARGET, figures_of(points), list(findings), 60.0)
        jsonschema.validate(record, SCHEMA)
        return record

    def test_a_kind_is_a_word(self):
        words = {"data-race": "data-race", "undefined: N is too much": "undefined",
                 "killed by SIGSEGV": "killed-by-sigsegv", "exit code 3": "exit-code-3"}
        for kind, word in words.items():
            finding = {"identity": "0123456789abcdef", "kind": kind}
            self.assertEqual(self.record([(1, 1, 1)], [finding])["verdict"], word)

    def test_it_has_the_documented_keys(self):
        self.assertEqual(set(self.record([])), documented_keys() - {"states"})

    def test_a_twin_is_named_as_in_other_records(self):
        record = self.record([(10, 5, 0)])
        self.assertEqual(record["program"], "ring.fixed")
        self.assertEqual(record["command"], "fuzz/campaign run build/fuzz/ring-fixed")
        self.assertNotIn("/w/", json.dumps(record))
        self.assertEqual(record["verdict"], "clean")
        self.assertIn("no finding in 10 executions by libFuzzer", record["conclusion"])

    def test_samples_grow_and_end_where_it_is(self):
        finding = {"identity": "0123456789abcdef", "kind": "data-race"}
        points = [(10, 5, 0), (20, 5, 0), (30, 7, 0), (40, 7, 1), (50, 7, 1)]
        record = self.record(points, [finding])
        columns = [(one["executions"], one["states"], one["findings"]) for one in record["samples"]]
        self.assertEqual(columns, [(10, 5, 0), (30, 7, 0), (40, 7, 1), (50, 7, 1)])
        self.assertEqual(record["verdict"], "data-race")
        self.assertEqual(record["findings"], [finding["identity"]])
        self.assertIn("1 finding in 50 executions", record["conclusion"])

    def test_there_are_few_samples_after_many_nights(self):
        points = [(10 * number, number, number // 9) for number in range(1, 1000)]
        samples = self.record(points)["samples"]
        self.assertLess(len(samples), POINTS_MAX + 2)
        self.assertLess(POINTS_MAX, 199)
        self.assertEqual((samples[0]["executions"], samples[-1]["executions"]), (10, 9990))
        executions = [one["executions"] for one in samples]
        self.assertEqual(executions, sorted(executions))

    def test_points_of_a_state_from_before_are_no_samples(self):
        figures = TargetState(TARGET.path, {"points": [[1.0, 5], [2.0, 9, 100, 0]]})
        figures.executions, figures.features = 100, 9
        samples = run_record(TARGET, figures, [], 60.0)["samples"]
        self.assertEqual([one["states"] for one in samples], [9])
        self.assertEqual(figures.as_json()["points"], [[1.0, 5], [2.0, 9, 100, 0]])

    def test_a_campaign_writes_one_of_each_target(self):
        self.run_campaign(self.target("rich"), self.target("heddle-fixed"), code=1)
        twin, rich = self.runs()
        jsonschema.validate(twin, SCHEMA)
        jsonschema.validate(rich, SCHEMA)
        self.assertEqual((twin["program"], rich["program"]), ("heddle.fixed", "rich"))
        self.assertEqual(twin["verdict"], "data-race")
        found = {row["identity"] for row in self.summary()["findings"]}
        self.assertEqual(set(twin["findings"]), found)
        self.assertEqual((rich["verdict"], rich["findings"]), ("clean", []))
        self.assertGreater(rich["samples"][-1]["states"], 0)
        of_summary = {row["target"]: row["executions"] for row in self.summary()["targets"]}
        self.assertEqual(rich["executions"], of_summary["plain/rich"])

    def test_one_that_is_killed_has_them_too(self):
        campaign = self.start_campaign(self.target("rich"))
        self.wait_for("a slice", lambda: list((self.dir / "runs").glob("*.run.json")))
        os.killpg(campaign.pid, signal.SIGKILL)
        campaign.wait()
        self.assertGreater(self.runs()[0]["executions"], 0)


if __name__ == "__main__":
    support.main()
