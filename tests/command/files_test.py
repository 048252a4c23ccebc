#!/usr/bin/env python3
"""What --json leaves behind: whole files, whatever happens to the process or to the disk.

    files_test.py HEDDLE

The program is the one that the other tests of this folder try.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import records_test

HEDDLE = os.path.abspath(sys.argv.pop(1))


class FilesTest(unittest.TestCase):
    def setUp(self):
        self.validators = records_test.load_validators()
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.dir = pathlib.Path(self.work.name, "records")

    def explore(self, *words, folder=None, **options):
        command = [HEDDLE, "explore", *words, f"--json={folder or self.dir}"]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60,
                              **options)

    def check_all(self):
        """Returns the records of the folder, by name; all are as they should be."""
        records = {}
        for path in sorted(self.dir.glob("*.json")):
            records[path.name], wrong = records_test.check_file(self.validators, path, self.dir)
            self.assertIsNone(wrong, path.name)
        return records

    def test_a_circle_that_was_not_reached_is_a_note(self):
        done = self.explore("noted", "--executions=500")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        records = self.check_all()
        notes = [record for record in records.values() if record["record"] == "note"]
        self.assertEqual(len(notes), 1, list(records))
        self.assertEqual(sorted(edge["thread"] for edge in notes[0]["at"]), [1, 2])
        order = {(edge["held"], edge["wanted"]): edge["threads"]
                 for edge in records["noted.run.json"]["lock_order"]}
        self.assertEqual(order[("state.a", "state.b")], [1])
        self.assertEqual(order[("state.b", "state.a")], [2])

    def test_equal_runs_have_equal_records(self):
        other = self.dir.with_name("other")
        for folder in (self.dir, other):
            done = self.explore("right*", "noted", "--executions=300", "--keep-going",
                                folder=folder)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        names = sorted(path.name for path in self.dir.iterdir())
        self.assertEqual(names, sorted(path.name for path in other.iterdir()))
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertEqual(self.read(self.dir / name), self.read(other / name), name)

    @staticmethod
    def read(path):
        """As bytes, but for how long it took."""
        if not path.name.endswith(".run.json"):
            return path.read_bytes()
        record = json.loads(path.read_text(encoding="utf-8"))
        for part in [record, *record["samples"]]:
            del part["seconds"]
        return record

    def test_a_finding_is_owed_where_it_is_declared(self):
        self.explore("right", "wrong_twin.fixed", "--executions=300")
        owed = {record["program"]: record["is_owed"] for record in self.check_all().values()
                if record["record"] == "finding"}
        self.assertEqual(owed, {"right": True, "wrong_twin.fixed": False})

    def interrupt(self, program):
        """Returns the exit code of an exploration that would take long, and its record."""
        process = subprocess.Popen([HEDDLE, "explore", program, "--executions=100000000000",
                                    "--keep-going", f"--json={self.dir}"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        return process.wait(20), self.check_all()[f"{program}.run.json"]

    def test_an_interrupted_run_is_recorded(self):
        code, record = self.interrupt("right_clean")
        self.assertEqual(code, 3)
        self.assertFalse(record["is_complete"])
        self.assertIsNone(record["is_as_owed"])
        self.assertEqual(record["verdict"], "clean")
        self.assertRegex(record["conclusion"], "^no finding in [0-9]+ executions")
        self.assertGreater(record["executions"], 0)
        self.assertEqual(record["samples"][-1]["executions"], record["executions"])

    def test_an_interrupted_run_with_findings_is_recorded(self):
        code, record = self.interrupt("right")
        self.assertEqual(code, 1)
        self.assertFalse(record["is_complete"])
        self.assertTrue(record["is_as_owed"])
        self.assertEqual(record["verdict"], "data-race")

    def test_a_killed_run_leaves_whole_files(self):
        for tenths in range(1, 6):
            process = subprocess.Popen([HEDDLE, "explore", "right", "wrong*", "--executions=3000",
                                        "--keep-going", f"--json={self.dir}"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(tenths / 10)
            process.kill()
            process.wait(20)
            self.check_all()

    def test_a_full_disk_is_said_and_leaves_no_half_file(self):
        def limit():
            # A file that would be longer is an error then, and no signal.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))

        done = self.explore("right", "--executions=300", preexec_fn=limit)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"cannot write \S+/right\.[0-9a-f]{16}\.json: File too large")
        self.assertRegex(done.stderr, r"cannot write \S+/right\.run\.json: File too large")
        self.assertEqual(list(self.dir.iterdir()), [])

    def test_a_folder_that_cannot_be_made_is_said(self):
        done = self.explore("right_clean", "--executions=10", folder="/proc/none")
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot write /proc/none: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
