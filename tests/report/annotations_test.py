#!/usr/bin/env python3
"""What GitHub and GitLab show beside the lines of a change: few, the worst first, and unharmed.

    annotations_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
HEDDLE = ""
SHOWN_MAX = 10

COMMAND = re.compile(r"::(?P<level>error|warning) (?P<values>.*?)::(?P<message>.*)")


def unescaped(text):
    """As GitHub's runner reads a value: %25 last, lest what was escaped becomes another escape."""
    for code, letter in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


def command_of(line):
    command = COMMAND.fullmatch(line)
    values = dict(value.split("=", 1) for value in command["values"].split(","))
    return {"level": command["level"], "message": unescaped(command["message"]),
            **{name: unescaped(value) for name, value in values.items()}}


def finding(number, kind, **more):
    return {"format": 2, "record": "finding", "identity": f"{number:016x}", "kind": kind,
            "class": None, "message": f"finding {number}", "function": "f", "file": "a.c",
            "line": number, "program": "p", "is_owed": None, "places": [], **more}


class Beside(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def report(self, findings, *options):
        records = self.folder / "records"
        records.mkdir()
        for record in findings:
            (records / f"{record['identity']}.json").write_text(json.dumps(record))
        done = subprocess.run([HEDDLE, "report", records, "--output", self.folder, *options],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def annotations(self, findings, *options):
        printed = self.report(findings, "--format", "annotations", *options)
        written = (self.folder / "annotations.txt").read_text(encoding="utf-8")
        self.assertEqual(printed, written)
        return [command_of(line) for line in written.split("\n")[:-1]]

    def issues(self, findings):
        self.report(findings, "--format", "codequality")
        return json.loads((self.folder / "gl-code-quality-report.json").read_text())

    def test_only_if_asked_for_by_name_they_are_printed(self):
        self.assertNotIn("::", self.report([finding(1, "failure")]))
        self.assertTrue((self.folder / "annotations.txt").exists())

    def test_ten_of_each_level_and_what_has_no_room_is_counted(self):
        kinds = ["failure"] * 14 + ["leak"] * 13
        shown = self.annotations([finding(number, kind) for number, kind in enumerate(kinds)])
        levels = [one["level"] for one in shown]
        self.assertEqual(levels, ["error"] * SHOWN_MAX + ["warning"] * SHOWN_MAX)
        self.assertEqual(shown[-1]["title"], "8 more findings")

    def test_ten_errors_and_nine_warnings_need_no_count(self):
        kinds = ["failure"] * 10 + ["leak"] * 9
        shown = self.annotations([finding(number, kind) for number, kind in enumerate(kinds)])
        self.assertEqual(len(shown), 19)
        self.assertNotIn("more findings", shown[-1]["title"])

    def test_the_worst_comes_first(self):
        shown = self.annotations([finding(1, "deadlock"), finding(2, "leak"),
                                  finding(3, "use-after-free"), finding(4, "data-race")])
        self.assertEqual([one["line"] for one in shown], ["3", "4", "1", "2"])

    def test_what_is_known_is_a_warning_behind_what_is_new(self):
        known = self.folder / "known.txt"
        known.write_text(f"{1:016x}\n")
        shown = self.annotations([finding(1, "use-after-free"), finding(2, "leak")],
                                 "--baseline", known)
        self.assertEqual([(one["level"], one["line"]) for one in shown],
                         [("warning", "2"), ("warning", "1")])
        self.assertTrue(shown[1]["title"].endswith("(known)"))

    def test_what_is_doubtful_comes_after_what_is_credible(self):
        """One thread alone cannot deadlock by taking locks in both orders."""
        place = {"thread": 1, "text": "acquires", "is_cause": False, "locks": [], "stack": []}
        shown = self.annotations([finding(1, "lock-order", places=[place, place]),
                                  finding(2, "leak")])
        self.assertEqual([one["line"] for one in shown], ["2", "1"])
        self.assertIn("one thread", shown[1]["message"])

    def test_what_is_owed_is_shown_nowhere(self):
        owed = finding(1, "failure", is_owed=True)
        self.assertEqual(self.annotations([owed]), [])
        (self.folder / "records" / f"{1:016x}.json").unlink()
        (self.folder / "records").rmdir()
        self.assertEqual(self.issues([owed]), [])

    def test_nothing_in_a_name_becomes_a_command_or_another_value(self):
        hostile = json.loads(next((HERE / "records").glob("hostile.*.json")).read_text())
        hostile["message"] += "\r\n::stop-commands::x\n%0A%25,a=b:"
        shown = self.annotations([hostile])
        self.assertEqual(len(shown), 1)
        self.assertEqual(shown[0]["file"], hostile["file"])
        self.assertTrue(shown[0]["message"].startswith(hostile["message"] + "\n"))

    def test_one_of_no_file_is_shown_nevertheless(self):
        shown = self.annotations([finding(0, "crash", file=None)])
        self.assertNotIn("file", shown[0])
        self.assertEqual(shown[0]["message"], "finding 0")

    def test_an_issue_has_a_path_a_line_and_a_fingerprint_of_its_own(self):
        issues = self.issues([finding(1, "data-race"), finding(2, "leak"),
                              finding(0, "crash", file=None)])
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), 3)
        self.assertEqual([(issue["severity"], issue["location"]) for issue in issues],
                         [("critical", {"path": "p", "lines": {"begin": 1}}),
                          ("critical", {"path": "a.c", "lines": {"begin": 1}}),
                          ("minor", {"path": "a.c", "lines": {"begin": 2}})])


if __name__ == "__main__":
    HEDDLE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
