#!/usr/bin/env python3
"""A campaign survives its targets, a kill, a full disk and an interrupt, and loses nothing."""

import asyncio
import hashlib
import os
import signal
import subprocess
import time
from unittest import mock

import support
from campaigns.child import Children
from campaigns.settings import Settings
from campaigns.slice import Slice
from campaigns.target import describe
from campaigns.work import Work


class SurvivalTest(support.CampaignTest):
    # ---- Targets that misbehave ------------------------------------------------------------------

    def test_a_crash_is_a_finding_and_the_target_goes_on(self):
        self.run_until(
            "three slices and two findings",
            lambda: self.slices() > 2 and self.has_states("minimal", "minimal"),
            self.target("crash"), "--jobs", 1,
        )
        self.assertEqual(self.titles(), [
            "heap-buffer-overflow: bug_A fake.c:75", "heap-buffer-overflow: bug_B fake.c:76",
        ])
        for row in self.summary()["findings"]:
            self.assertEqual(row["reproducers"][0]["state"], "minimal")
            with open(row["reproducers"][0]["input"], "rb") as file:
                self.assertIn(file.read(), (b"BUG:A", b"BUG:B"))

    def test_a_replay_command_replays(self):
        self.run_campaign(self.target("crash"), seconds=2, code=1)
        for row in self.summary()["findings"]:
            one = row["reproducers"][0]
            done = subprocess.run(
                one["replay"], shell=True, cwd=self.work, capture_output=True, check=False
            )
            self.assertEqual(done.returncode, 77)
            self.assertIn(row["title"].split()[1].encode(), done.stderr)

    def test_a_hang_is_killed_and_is_a_finding(self):
        output = self.run_campaign(
            self.target("stubborn"), self.target("poor"), "--grace", 1, seconds=4, code=1
        )
        self.assertIn("stubborn: hung, and was killed by the watchdog", output)
        self.assertEqual(self.titles(), ["hang: stubborn"])
        self.assertEqual(self.processes(), [])

    def test_a_target_that_is_killed_by_others_is_no_finding(self):
        output = self.run_campaign(self.target("dies"), self.target("poor"), seconds=4, code=3)
        self.assertIn("could not be tried: plain/dies", output)
        self.assertEqual(self.titles(), [])

    def test_a_target_that_cannot_start_is_told_and_the_others_go_on(self):
        output = self.run_until(
            "the other goes on", lambda: self.slices("plain/poor") > 4,
            self.target("broken"), self.target("poor"),
        )
        self.assertIn("could not be tried: plain/broken", output)
        self.assertEqual(self.slices("plain/broken"), 3)

    def test_no_target_can_start(self):
        began = time.monotonic()
        output = self.run_campaign(self.target("broken"), seconds=60, code=3)
        self.assertIn("no target can be run", output)
        self.assertLess(time.monotonic() - began, 20)

    def test_a_target_that_is_built_anew_meanwhile(self):
        target = self.target("poor")
        campaign = self.start_campaign(target, "--jobs", 1)
        self.wait_for("a slice", lambda: self.is_begun() and self.slices() > 0)
        away = target.rename(target.parent / "away")
        events = self.dir / "events.log"
        self.wait_for("it is missed", lambda: "exit code 127" in events.read_text())
        away.rename(target)
        slices = self.slices()
        self.wait_for("it goes on", lambda: self.slices() > slices + 1)
        self.assertIsNone(campaign.poll())

    def test_what_is_not_seen_again_is_kept(self):
        self.run_campaign(self.target("flaky"), seconds=2, code=1)
        states = {one["state"] for row in self.summary()["findings"] for one in row["reproducers"]}
        self.assertEqual(states, {"not reproduced"})

    def test_endless_output_fills_nothing(self):
        self.run_campaign(self.target("noisy"), seconds=3, code=0)
        log = self.dir / "targets" / "plain" / "noisy" / "last.log"
        self.assertLessEqual(log.stat().st_size, 1 << 16)

    def test_a_seed_that_crashes_is_a_finding_and_the_target_runs(self):
        seeds = self.work / "seeds" / "poor"
        seeds.mkdir(parents=True)
        (seeds / "bad").write_bytes(b"BUG:S")
        (seeds / "good").write_bytes(b"good")
        self.run_until(
            "executions", lambda: self.state()["targets"]["plain/poor"]["executions"] > 1000,
            self.target("poor"), "--seeds", self.work / "seeds", "--jobs", 1,
        )
        self.assertEqual(self.titles(), ["heap-buffer-overflow: bug_S fake.c:93"])

    def test_paths_with_spaces(self):
        """Where libFuzzer starts itself again by a shell, it quotes nothing."""
        self.dir = self.work / "it is & here"
        target = self.target("crash now")
        seeds = self.work / "bin" / "crash now_seed_corpus"
        seeds.mkdir()
        for number in range(250):
            (seeds / str(number)).write_text(f"seed {number}")
        events = self.dir / "events.log"
        self.run_until(
            "a merge, and what is found is small",
            lambda: "merged" in events.read_text() and self.has_states("minimal", "minimal"),
            target,
        )
        for row in self.summary()["findings"]:
            replay = row["reproducers"][0]["replay"]
            done = subprocess.run(replay, shell=True, capture_output=True, check=False)
            self.assertEqual(done.returncode, 77, replay)

    def test_a_merge_that_dies_changes_nothing(self):
        target = self.target("badmerge")
        seeds = self.work / "bin" / "badmerge_seed_corpus"
        seeds.mkdir()
        for number in range(250):
            (seeds / str(number)).write_text(f"seed {number}")
        self.run_until("slices", lambda: self.slices() > 1, target)
        self.assertGreaterEqual(self.summary()["targets"][0]["units"], 250)

    def test_a_merge_makes_the_corpus_small(self):
        target = self.target("poor")
        seeds = self.work / "bin" / "poor_seed_corpus"
        seeds.mkdir()
        for number in range(250):
            (seeds / str(number)).write_text(f"seed {number}")
        events = self.dir / "events.log"
        self.run_until(
            "slices after a merge",
            lambda: "merged" in events.read_text() and self.slices() > 3,
            target, "--jobs", 2,
        )
        self.assertRegex(events.read_text(), r"merged 25\d to 12\d units")
        self.assertEqual(events.read_text().count("merged"), 1)
        units = list((self.dir / "targets/plain/poor/corpus").iterdir())
        self.assertLess(len(units), 150)

    def test_a_corpus_that_takes_longer_to_read_than_a_slice(self):
        """libFuzzer's time begins before that: the first slice has none left, the next ones do."""
        work = Work(self.dir, describe(str(self.target("slow"))))
        work.recover([])

        def fuzzed():
            one = Slice(work, Settings())
            asyncio.run(one.run(Children(), 1, 60))
            self.assertEqual(one.ended.code, 0, one.ended.text)
            return one.output.fuzzed

        with mock.patch("campaigns.slice.LONG_SECONDS", 1.0):
            self.assertEqual(fuzzed(), 0)
            self.assertGreater(fuzzed(), 0)

    # ---- The campaign is ended -------------------------------------------------------------------

    def test_killed_and_resumed_it_loses_nothing(self):
        """Everything is killed at once; what a target had half written is completed."""
        targets = [self.target(name) for name in ("crash", "heddle", "rich")]
        campaign = self.start_campaign(*targets, "--jobs", 3)
        findings = self.dir / "findings"
        self.wait_for("two findings", lambda: findings.exists() and len(list(
            findings.glob("*/finding.json"))) >= 2)
        self.wait_for("a slice of each", lambda: all(
            of["slices"] for of in self.state()["targets"].values()))
        os.killpg(campaign.pid, signal.SIGKILL)
        campaign.wait()
        self.wait_for("no target is left", lambda: not self.processes(), 5)
        before = {path.parent.name for path in findings.glob("*/finding.json")}
        figures = self.state()
        units = {path.name for path in (self.dir / "targets/plain/rich/corpus").iterdir()}

        drop = self.dir / "targets/plain/heddle/dropped"
        (drop / "heddle-00000000000000aa.input").write_bytes(b"half written")
        crash = self.dir / "targets/plain/crash/artifacts/crash-left"
        crash.write_bytes(b"left BUG:L")
        output = self.run_command(
            "run", "--dir", self.dir, "--seconds", figures["elapsed"] + 3, code=1
        )
        self.assertRegex(output, r"goes on after \d+ s; process \d+ on .* was killed")
        after = {row["identity"] for row in self.summary()["findings"]}
        self.assertLessEqual(before, after)
        self.assertIn("00000000000000aa", after)
        self.assertIn("heap-buffer-overflow: bug_L fake.c:86", self.titles())
        self.assertFalse(crash.exists())
        left = {path.name for path in (self.dir / "targets/plain/rich/corpus").iterdir()}
        self.assertLessEqual(units, left)
        for row in self.summary()["targets"]:
            was = figures["targets"][row["target"]]
            self.assertGreaterEqual(row["executions"], was["executions"])
            self.assertGreaterEqual(row["slices"], was["slices"])

    def test_killed_alone_it_takes_its_targets_with_it(self):
        campaign = self.start_campaign(self.target("stubborn"), self.target("rich"), "--jobs", 2)
        asleep = self.dir / "targets/plain/stubborn/corpus" / hashlib.sha1(b"asleep").hexdigest()
        self.wait_for("both run", lambda: asleep.exists() and len(self.processes()) >= 2)
        os.kill(campaign.pid, signal.SIGKILL)
        self.wait_for("no target is left", lambda: not self.processes(), 5)

    def test_interrupted_it_stops_all_and_says_what_it_has(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            campaign = self.start_campaign(self.target("stubborn"), self.target("heddle"),
                                           "--jobs", 2)
            findings = self.dir / "findings"
            self.wait_for("a finding", lambda: list(findings.glob("*/finding.json")))
            self.wait_for("both run", lambda: len(self.processes()) >= 2)
            os.kill(campaign.pid, number)
            output, _ = campaign.communicate(timeout=20)
            self.assertEqual(campaign.returncode, 130, output)
            self.assertIn("stopped: interrupted", output)
            self.assertEqual(self.processes(), [])
            self.assertEqual(self.summary()["exit_code"], 130)

    def test_it_outlives_its_terminal(self):
        """Nobody reads its output any more when it has something to say."""
        reading, writing = os.pipe()
        command = self.command("run", self.target("heddle"), "--dir", self.dir, "--seconds", 4,
                               "--slice", 1, "--disk-reserve", 1)
        campaign = subprocess.Popen(command, stdout=writing, stderr=writing)
        os.close(reading)
        os.close(writing)
        self.assertEqual(campaign.wait(timeout=30), 1)
        self.assertEqual(len(self.titles()), 2)

    def test_an_error_is_no_finding(self):
        """Python's exit code for a traceback is that of new findings."""
        self.run_campaign(self.target("poor"), seconds=1, code=0)
        target = self.dir / "targets/plain/poor"
        target.rename(self.dir / "away")
        target.write_text("not a folder")
        output = self.run_campaign(self.target("poor"), seconds=1, code=3)
        self.assertRegex(output, "fuzz/campaign: .*File exists.*mend that and run again")

    def test_two_at_once_are_refused(self):
        target = self.target("poor")
        campaign = self.start_campaign(target, seconds=60)
        self.wait_for("it runs", self.is_begun)
        output = self.run_campaign(target, code=3)
        self.assertRegex(output, rf"a campaign runs here already \(process {campaign.pid} on ")

    # ---- Disks -----------------------------------------------------------------------------------

    def test_too_little_room_stops_it_before_it_is_too_late(self):
        output = self.run_command(
            "run", self.target("crash"), "--dir", self.dir, "--seconds", 30, "--disk-reserve",
            10**9, code=3,
        )
        self.assertRegex(output, r"stopped: .* MiB are free on this disk, and 1000000000 must stay")
        self.assertEqual(self.processes(), [])

    def test_over_its_limit_it_merges_then_stops(self):
        """Also where another job runs the target at any time."""
        for jobs in (1, 2):
            target = self.target(f"big_{jobs}")
            output = self.run_campaign(
                target, "--disk-limit", 8 * jobs, "--jobs", jobs, seconds=50, code=3
            )
            self.assertIn(f"has more than {8 * jobs} MiB though all is merged: stopped", output)

    def test_what_a_merge_has_made_small_enough_goes_on(self):
        """The size that counts is that after the merge."""
        target = self.target("poor")
        seeds = self.work / "bin" / "poor_seed_corpus"
        seeds.mkdir()
        for number in range(12):
            (seeds / str(number)).write_bytes(bytes([number]) * (1 << 20))
        events = self.dir / "events.log"
        self.run_until(
            "slices after a merge",
            lambda: "merged" in events.read_text() and self.slices() > 2,
            target, "--jobs", 1, "--disk-limit", 12,
        )
        self.assertNotIn("though all is merged", events.read_text())

    # ---- Damage ----------------------------------------------------------------------------------

    def test_a_damaged_state_is_kept_aside_and_findings_stay(self):
        self.run_campaign(self.target("once"), seconds=3, code=1)
        before = self.titles()
        (self.dir / "state.json").write_text('{"version": 1, "targets": {')
        output = self.run_campaign(self.target("once"), seconds=1, code=1)
        self.assertIn("state.json: damaged", output)
        self.assertEqual(before, self.titles())
        self.assertTrue((self.dir / "state.json.damaged-1").exists())


if __name__ == "__main__":
    support.main()
