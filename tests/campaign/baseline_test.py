#!/usr/bin/env python3
"""What is neither known nor suppressed is new; a suppression is somebody's, until a day."""

import datetime
import unittest

import support
from campaigns.baseline import KNOWN, NEW, SUPPRESSED, Judge
from campaigns.outcome import UsageError

TODAY = datetime.date(2027, 3, 1)
RACE = {"identity": "6f1c0a9be2d47735", "title": "data-race: increment lost_update.c:17"}
LEAK = {"identity": "0123456789abcdef", "title": "leak: make leak.c:5"}


class BaselineTest(support.CampaignTest):
    def file(self, name, text):
        path = self.work / name
        path.write_text(text, encoding="utf-8")
        return path

    def judge(self, known="", suppressed=""):
        files = self.file("known", known), self.file("suppressed", suppressed)
        return Judge(*files, today=TODAY)

    def error(self, suppressed):
        with self.assertRaises(UsageError) as caught:
            self.judge(suppressed=suppressed)
        return str(caught.exception)

    def test_everything_is_new_at_first(self):
        self.assertEqual(Judge("", "").status(RACE)[0], NEW)

    def test_known_by_identity(self):
        judge = self.judge("# what we know\n\n6f1c0a9be2d47735  data-race: somewhere\n")
        self.assertEqual(judge.status(RACE)[0], KNOWN)
        self.assertEqual(judge.status(LEAK)[0], NEW)

    def test_known_by_pattern(self):
        judge = self.judge("data-race:*lost_update.c:*\n")
        self.assertEqual(judge.status(RACE)[0], KNOWN)
        self.assertEqual(judge.status(LEAK)[0], NEW)

    def test_a_title_that_is_no_pattern_matches_nothing(self):
        self.assertEqual(self.judge("leak:makeleak.c:5\n").status(LEAK)[0], NEW)

    def test_suppressed_until_its_day(self):
        line = '6f1c0a9be2d47735 owner=ada expires={} reason="off by one at most"\n'
        judge = self.judge(suppressed=line.format("2027-03-01"))
        status, entry = judge.status(RACE)
        self.assertEqual((status, entry.owner), (SUPPRESSED, "ada"))
        self.assertEqual(entry.reason, "off by one at most")
        self.assertEqual(judge.complaints(), [])

    def test_expired_suppresses_no_more_and_is_reported(self):
        line = "6f1c0a9be2d47735 owner=ada expires=2027-02-28 reason=later\n"
        judge = self.judge(suppressed=line)
        self.assertEqual(judge.status(RACE)[0], NEW)
        self.assertRegex(judge.complaints()[0], r"suppressed:1: expired on 2027-02-28.*ada: later")

    def test_unused_is_reported(self):
        judge = self.judge(suppressed="\nleak:* owner=ada expires=2028-01-01 reason=later\n")
        judge.status(RACE)
        self.assertRegex(judge.complaints()[0], r"suppressed:2: unused, no finding matches: leak")
        judge.status(LEAK)
        self.assertEqual(judge.complaints(), [])

    def test_what_is_expired_does_not_hide_what_is_not(self):
        lines = (
            "6f1c0a9be2d47735 owner=ada expires=2027-01-01 reason=old\n"
            "data-race:* owner=bob expires=2027-12-31 reason=newer\n"
        )
        status, entry = self.judge(suppressed=lines).status(RACE)
        self.assertEqual((status, entry.owner), (SUPPRESSED, "bob"))

    def test_each_part_is_required(self):
        parts = ["owner=ada", "expires=2027-12-31", "reason=later"]
        for part in parts:
            line = " ".join(["# first\n6f1c0a9be2d47735", *[p for p in parts if p != part]])
            name = part.partition("=")[0]
            self.assertRegex(self.error(line), rf"suppressed:2: .* lacks {name}=")
        self.assertIn("lacks reason=", self.error("x owner=ada expires=2027-12-31 reason=\n"))

    def test_what_is_wrong_is_said_with_its_line(self):
        wrong = {
            "x owner=ada expires=tomorrow reason=r": "expires=tomorrow is no date",
            "x owner=ada until=2027-12-31 reason=r": "`until=2027-12-31' is none of",
            'x owner=ada expires=2027-12-31 reason="r': "No closing quotation",
        }
        for line, what in wrong.items():
            text = self.error(line)
            self.assertIn(what, text)
            self.assertIn("suppressed:1:", text)

    def test_a_file_that_is_not_there(self):
        with self.assertRaises(UsageError) as caught:
            Judge(self.work / "nowhere", "")
        self.assertIn("nowhere: the baseline cannot be read", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
