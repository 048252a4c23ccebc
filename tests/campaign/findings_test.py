#!/usr/bin/env python3
"""Findings are kept once, made small, judged by the baseline; nights go on where they were."""

import json
import os
import re
import subprocess

import support


class FindingsTest(support.CampaignTest):
    def copy_tree(self, flavour, name):
        """A target in a build tree of that flavour."""
        target = self.target(name)
        tree = self.work / flavour
        tree.mkdir()
        (tree / "CMakeCache.txt").write_text(f"HEDDLE_FLAVOUR:STRING={flavour}\n")
        return target.rename(tree / name)

    def identities(self):
        return {row["identity"] for row in self.summary()["findings"]}

    def test_one_bug_of_two_targets_in_two_flavours_is_one_finding(self):
        targets = [
            self.copy_tree("fuzz", "once_a"),
            self.copy_tree("fuzz-asan", "once_b"),
        ]
        self.run_until(
            "three sightings",
            lambda: self.has_states("minimal", "minimal") and self.records()[0]["sightings"] > 2,
            *targets,
        )
        self.assertEqual(len(self.identities()), 1)
        row = self.summary()["findings"][0]
        self.assertEqual(sorted(row["targets"]), ["fuzz-asan/once_b", "fuzz/once_a"])
        flavours = [one["flavour"] for one in row["reproducers"]]
        self.assertEqual(flavours, ["fuzz", "fuzz-asan"])
        self.assertEqual(len(list((self.dir / "findings").iterdir())), 1)

    def test_what_heddle_drops_is_taken_over(self):
        self.run_campaign(self.target("heddle"), seconds=3, code=1)
        self.assertEqual(
            self.titles(), ["data-race: heddle: X h.c:88", "data-race: heddle: Y h.c:89"]
        )
        for row in self.summary()["findings"]:
            folder = self.dir / "findings" / row["identity"] / "plain"
            self.assertEqual(
                sorted(path.name for path in folder.iterdir()),
                ["original", "record.json", "report.txt"],
            )
        self.assertEqual(list((self.dir / "targets/plain/heddle/dropped").iterdir()), [])

    def test_heddle_has_shrunk_what_it_found(self):
        """The command of the same build tree that the record names replays it."""
        target = self.copy_tree("fuzz", "heddle_target")
        command = target.parent / "heddle"
        command.write_text("#!/bin/sh\n")
        command.chmod(0o755)
        self.run_campaign(target, seconds=2, code=1)
        for row in self.summary()["findings"]:
            one = row["reproducers"][0]
            self.assertEqual(one["state"], "minimal")
            self.assertEqual(one["replay"], f"{command} replay heddle_target --schedule=1")

    def test_a_minimiser_that_meets_another_bug_loses_neither(self):
        self.run_until(
            "both", lambda: self.has_states("as found", "minimal"),
            self.target("once_other"), "--jobs", 1,
        )
        self.assertEqual(
            self.titles(),
            ["heap-buffer-overflow: bug_C fake.c:77", "heap-buffer-overflow: bug_O fake.c:89"],
        )
        states = {
            row["title"][-2:]: row["reproducers"][0]["state"] for row in self.summary()["findings"]
        }
        self.assertEqual(states["77"], "as found")

    # ---- Known and suppressed --------------------------------------------------------------------

    def test_only_what_is_new_fails(self):
        target = self.target("once")
        self.run_campaign(target, seconds=3, code=1)
        known = self.work / "known"
        text = self.run_command("baseline", self.dir, code=0)
        known.write_text(text)
        self.assertRegex(text, r"(?m)^[0-9a-f]{16}  heap-buffer-overflow: bug_C fake\.c:77$")
        output = self.run_campaign(target, "--baseline", known, seconds=3, code=0)
        self.assertIn("0 new, 1 known, 0 suppressed", output)
        output = self.run_campaign(
            target, self.target("heddle"), "--baseline", known, seconds=4, code=1
        )
        self.assertIn("2 new, 1 known", output)
        self.run_command("baseline", self.dir, "--update", known, code=0)
        self.assertEqual(len(known.read_text().split("\n")), 1 + 3 + 1)
        self.assertIn("0 findings added",
                      self.run_command("baseline", self.dir, "--update", known, code=0))
        nowhere = self.work / "nowhere" / "known"
        output = self.run_command("baseline", self.dir, "--update", nowhere, code=2)
        self.assertIn(f"{nowhere}: cannot be written: No such file", output)
        output = self.run_command("baseline", self.dir, "--update", self.work, code=2)
        self.assertIn(f"{self.work}: cannot be read: Is a directory", output)
        self.run_command("summary", self.dir, code=0)

    def test_suppressed_until_it_expires(self):
        rules = self.work / "rules"
        line = 'heap-buffer-overflow:bug_C* owner=ada expires={} reason="not ours"\n'
        unused = "leak:* owner=bob expires=2999-01-01 reason=later\n"
        rules.write_text(line.format("2999-01-01") + unused)
        options = ("--suppressions", rules)
        output = self.run_campaign(self.target("once"), *options, seconds=3, code=0)
        self.assertIn("0 new, 0 known, 1 suppressed", output)
        self.assertRegex(output, r"rules:1 \(ada: not ours\)")
        self.assertRegex(output, r"rules:2: unused, no finding matches: leak:\* \(bob\)")
        rules.write_text(line.format("2020-01-01"))
        output = self.run_command("summary", self.dir, code=1)
        self.assertRegex(output, r"rules:1: expired on 2020-01-01")
        self.assertIn("1 new", output)

    def test_a_suppression_without_owner_is_an_error_before_anything_runs(self):
        rules = self.work / "rules"
        rules.write_text("leak:* expires=2999-01-01 reason=later\n")
        output = self.run_campaign(self.target("once"), "--suppressions", rules, code=2)
        self.assertIn(f"{rules}:1: `leak:*' lacks owner=", output)

    # ---- Time ------------------------------------------------------------------------------------

    def test_the_next_run_is_the_next_night(self):
        self.run_campaign(self.target("rich"), seconds=2, code=0)
        first = self.summary()
        self.run_command("run", "--dir", self.dir, code=0)
        second = self.summary()
        self.assertEqual((first["night"], second["night"]), (1, 2))
        self.assertGreater(second["seconds"], first["seconds"] + 1)
        self.assertGreater(second["total"]["executions"], first["total"]["executions"])

    def test_who_finds_more_gets_more_and_none_starves(self):
        targets = [self.target(name) for name in ("rich", "poor_a", "poor_b")]
        self.run_until("slices", lambda: self.slices() >= 11, *targets, "--jobs", 1)
        slices = {row["target"]: row["slices"] for row in self.summary()["targets"]}
        self.assertTrue(all(count >= 2 for count in slices.values()), slices)
        for poor in ("plain/poor_a", "plain/poor_b"):
            self.assertGreater(slices["plain/rich"], slices[poor], slices)

    def test_status_from_a_second_terminal(self):
        campaign = self.start_campaign(self.target("rich"), self.target("heddle"), "--jobs", 2)
        self.wait_for("figures", lambda: (self.dir / "state.json").exists() and any(
            of["slices"] for of in self.state()["targets"].values()))
        output = self.run_command("status", self.dir, code=0)
        self.assertIn(f"runs: process {campaign.pid} on ", output)
        self.assertRegex(output, r"plain/rich +\d+")
        self.assertIsNone(campaign.poll())
        self.end(campaign)
        self.assertIn("does not run: was killed; the next run goes on",
                      self.run_command("status", self.dir, code=0))

    def test_a_terminal_gets_one_line_that_is_rewritten(self):
        command = " ".join(self.command("run", self.target("poor"), "--dir", self.dir,
                                        "--seconds", 1, "--disk-reserve", 1))
        done = subprocess.run(["script", "-qefc", command, "/dev/null"], capture_output=True,
                              timeout=30, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertGreater(len(re.findall(rb"\r0:00:0\d of 0:00:01", done.stdout)), 2)
        self.assertIn(b"\nfuzz/campaign: 0:00:0", done.stdout.replace(b"\r", b""))

    def test_the_summaries_say_the_same(self):
        self.run_campaign(self.target("once"), self.target("rich"), seconds=3, code=1)
        page = (self.dir / "summary.md").read_text(encoding="utf-8")
        row = self.summary()["findings"][0]
        self.assertIn(row["identity"], page)
        self.assertIn(row["reproducers"][0]["replay"], page)
        self.assertIn("| `plain/rich` |", page)
        again = self.run_command("summary", self.dir, code=1)
        self.assertEqual(again, (self.dir / "summary.txt").read_text(encoding="utf-8"))
        self.assertEqual(self.summary()["exit_code"], 1)
        self.assertTrue(json.dumps(self.summary()))
        self.assertTrue(os.path.isfile(row["reproducers"][0]["report"]))


if __name__ == "__main__":
    support.main()
