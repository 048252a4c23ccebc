#!/usr/bin/env python3
"""What `heddle report` says of how far to believe a report, and of which it does not say it.

    credibility_test.py HEDDLE

The reports are those that ThreadSanitizer makes, in three compilers' runtimes, of the programs in
programs/, when this test runs them; and records of Heddle's own.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HEDDLE = pathlib.Path(sys.argv[1]).resolve()
PROGRAMS = HEDDLE.parent / "tests" / "report" / "programs"
OPTIONS = "atexit_sleep_ms=0:second_deadlock_stack=1:halt_on_error=0"
BOTH = ("clang-14", "clang-19")


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def findings(self, *paths):
        subprocess.run([HEDDLE, "report", *paths, "--format=json", "--output", self.folder / "out"],
                       check=True, cwd=self.folder, capture_output=True)
        text = (self.folder / "out" / "findings.json").read_text(encoding="utf-8")
        return json.loads(text)["findings"]

    def notes(self, findings):
        for finding in findings:
            for note in finding["credibility"]:
                self.assertEqual(set(note), {"note", "text", "advice"})
                self.assertTrue(note["text"] and note["advice"])
        return [(finding["kind"], [note["note"] for note in finding["credibility"]])
                for finding in findings]

    def log_of(self, name, beside=True):
        """What a program's runtime reports, in a file; the program is a neighbour of it, or not."""
        if beside:
            shutil.copy(PROGRAMS / name, self.folder / name)
        run = subprocess.run([PROGRAMS / name], check=False, capture_output=True, text=True,
                             env={**os.environ, "TSAN_OPTIONS": OPTIONS})
        log = self.folder / f"{name}.log"
        log.write_text(run.stderr, encoding="utf-8")
        return log

    def notes_of(self, name, **how):
        return self.notes(self.findings(self.log_of(name, **how)))


class Races(Case):
    def test_ordered_by_fences(self):
        for compiler in BOTH:
            self.assertEqual(self.notes_of(f"fence.{compiler}"), [("data-race", ["fence"])])

    def test_a_fence_alone_orders_nothing(self):
        self.assertEqual(self.notes_of("fence.clang-19.half"), [("data-race", [])])

    def test_ordered_by_what_is_not_instrumented(self):
        for name in ("outside.clang-14", "outside.clang-19", "outside.gcc-12",
                     "outside.clang-19.bare"):
            self.assertEqual(self.notes_of(name), [("data-race", ["uninstrumented"])], name)

    def test_ordered_by_inline_assembly(self):
        for compiler in BOTH:
            self.assertEqual(self.notes_of(f"assembly.{compiler}"), [("data-race", ["assembly"])])

    def test_ordered_by_a_function_that_the_runtime_does_not_know(self):
        for compiler in ("clang-14", "gcc-12"):
            self.assertEqual(sorted(self.notes_of(f"clocklock.{compiler}")),
                             [("data-race", ["interceptor"]), ("misuse", ["interceptor"])])

    def test_a_race_in_spite_of_a_call_that_does_nothing(self):
        self.assertEqual(self.notes_of("outside.clang-19.idle"), [("data-race", [])])

    def test_a_race_is_not_doubted_for_what_has_no_part_in_it(self):
        """race.c has a fence, assembly, clocklock, and a lock outside: elsewhere."""
        for compiler in BOTH:
            self.assertEqual(self.notes_of(f"race.{compiler}"), [("data-race", [])])

    def test_a_race_is_not_doubted_for_what_one_side_does_alone(self):
        self.assertEqual(self.notes_of("aside.clang-19"), [("data-race", [])])


class LockOrder(Case):
    def test_a_single_thread(self):
        for compiler in BOTH:
            self.assertEqual(self.notes_of(f"single.{compiler}"),
                             [("lock-order", ["single-thread"])])

    def test_a_lock_around_both(self):
        for name in ("gate.clang-14", "gate.clang-19", "gate.gcc-12"):
            findings = self.findings(self.log_of(name))
            self.assertEqual(self.notes(findings), [("lock-order", ["gate-lock"])])
            self.assertIn("`gate'", findings[0]["credibility"][0]["text"])

    def test_a_lock_around_each_that_is_not_the_same(self):
        """Also not one that both have locked before, and unlocked."""
        for compiler in BOTH:
            self.assertEqual(self.notes_of(f"gate.{compiler}.none"), [("lock-order", [])])

    def test_a_lock_around_each_that_only_a_run_shows(self):
        for name in ("gates.clang-14.array", "gates.clang-19.chosen",
                     "gates.clang-19.sometimes", "gates.gcc-12.sometimes"):
            self.assertEqual(self.notes_of(name), [("lock-order", [])], name)


class Programs(Case):
    def test_without_the_program_nothing_is_said_of_its_code(self):
        self.assertEqual(self.notes_of("fence.clang-19", beside=False), [("data-race", [])])
        self.assertEqual(self.notes_of("single.clang-19", beside=False),
                         [("lock-order", ["single-thread"])])

    def test_a_program_that_was_built_anew_is_another_one(self):
        log = self.log_of("fence.clang-19")
        shutil.copy(PROGRAMS / "fence.clang-14", self.folder / "fence.clang-19")
        self.assertEqual(self.notes(self.findings(log)), [("data-race", [])])

    def test_a_program_in_a_folder_below_is_found_by_its_build_id(self):
        log = self.log_of("fence.clang-19", beside=False)
        below = self.folder / "build" / "bin"
        below.mkdir(parents=True)
        shutil.copy(PROGRAMS / "fence.clang-14", self.folder / "build" / "fence.clang-19")
        shutil.copy(PROGRAMS / "fence.clang-19", below)
        self.assertEqual(self.notes(self.findings(log)), [("data-race", ["fence"])])

    def test_a_report_that_was_cut_off(self):
        log = self.log_of("race.clang-19")
        text = log.read_text(encoding="utf-8")
        log.write_text(text[:text.index("  Thread T2")], encoding="utf-8")
        self.assertEqual(self.notes(self.findings(log)), [("data-race", ["cut-off"])])


class Records(Case):
    """Heddle's own, as it writes them, and with what would make them doubtful."""

    def record(self, scenario):
        run = [HEDDLE, "explore", scenario, "--json", self.folder / "records"]
        subprocess.run(run, check=False, cwd=self.folder, capture_output=True)
        [path] = [p for p in (self.folder / "records").glob(f"{scenario}.*.json")
                  if ".run." not in p.name and ".note." not in p.name]
        return json.loads(path.read_text(encoding="utf-8"))

    def notes_with(self, record, **changes):
        path = self.folder / "changed.json"
        path.write_text(json.dumps({**record, **changes}), encoding="utf-8")
        return self.notes(self.findings(path))

    def test_a_race_with_its_schedule_is_confirmed(self):
        record = self.record("lost_update")
        self.assertEqual(self.notes_with(record), [("data-race", ["confirmed"])])
        both = self.folder / "both.json"
        both.write_text(json.dumps({**record, "noticed_by": "Heddle and ThreadSanitizer",
                                    "flavour": "tsan"}), encoding="utf-8")
        [finding] = self.findings(both)
        self.assertEqual(self.notes([finding]), [("data-race", ["confirmed"])])
        self.assertIn("ThreadSanitizer noticed it, too", finding["credibility"][0]["text"])

    def test_one_whose_steps_are_ordered_or_not_known_is_not(self):
        record = self.record("lost_update")
        first, second = sorted(place["step"] for place in record["places"])
        ordered = json.loads(json.dumps(record["steps"]))
        ordered[second]["after"].append(first)
        self.assertEqual(self.notes_with(record, steps=ordered), [("data-race", [])])
        alone = json.loads(json.dumps(record["steps"]))
        alone[second]["thread"] = alone[first]["thread"]
        self.assertEqual(self.notes_with(record, steps=alone), [("data-race", [])])
        self.assertEqual(self.notes_with(record, steps=[]), [("data-race", [])])

    def test_what_only_one_of_both_noticed(self):
        record = {**self.record("lost_update"), "flavour": "tsan", "steps": []}
        for who, notes in (("ThreadSanitizer", ["only-threadsanitizer"]),
                           ("Heddle", ["only-heddle"]), ("Heddle and ThreadSanitizer", [])):
            self.assertEqual(self.notes_with(record, noticed_by=who), [("data-race", notes)])

    def test_locks_that_the_record_knows(self):
        record = {**self.record("ab_ba"), "kind": "lock-order"}
        gate = {"name": "gate", "whereabouts": None, "acquired": None}
        self.assertEqual(self.notes_with(record), [("lock-order", [])])
        places = [{**place, "locks": [*place["locks"], gate]} for place in record["places"]]
        self.assertEqual(self.notes_with(record, places=places), [("lock-order", ["gate-lock"])])
        places = [{**place, "thread": 1} for place in record["places"]]
        self.assertEqual(self.notes_with(record, places=places),
                         [("lock-order", ["single-thread"])])

    def test_a_deadlock_that_happened_is_not_doubted(self):
        record = self.record("ab_ba")
        self.assertEqual(self.notes_with(record), [("deadlock", [])])
        places = [{**place, "thread": 1} for place in record["places"]]
        self.assertEqual(self.notes_with(record, places=places), [("deadlock", [])])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
