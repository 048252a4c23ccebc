#!/usr/bin/env python3
"""Baselines: what `heddle baseline` does, and that it and fuzz/campaign read the same in a file.

    baseline_test.py HEDDLE

The same files are given to both readers: such as people write, and such as nobody would, made of
pieces that are close to what means something. Both must say the same of each finding, or refuse the
file with the same words. Patterns, quotes, days and titles are also compared each by themselves.

SPDX-License-Identifier: MIT
"""

import contextlib
import datetime
import json
import os
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "fuzz"))

from campaigns.baseline import Judge, baseline_line  # noqa: E402
from campaigns.finding import words_of_record  # noqa: E402
from campaigns.outcome import UsageError  # noqa: E402

HEDDLE = ""
ROUNDS = 300
DAYS = [
    "2028-02-29", "2027-02-29", "2100-02-29", "2000-02-29", "0000-01-01", "0001-01-01",
    "2027-03-010", "2027-3-01", "2027-00-10", "2027-13-01", "2027-12-32", "2027-04-31",
    "2027-04-00", "2027-12-31x", "20271231", "2027-W01-1", "2027/01/01", "٢٠٢٧-01-01", "", "2027",
]
REPLAY = "build/explore/heddle replay lost_update --schedule=1cd9:"


def frame(function, file, line):
    return {"function": function, "file": file, "line": line}


def place(*stack, is_cause=False):
    return {"stack": list(stack), "is_cause": is_cause}


def finding(number, kind, program, places, **more):
    return {
        "format": 2, "record": "finding", "identity": f"{number:016x}", "kind": kind,
        "class": None, "message": f"it is number {number}", "program": program,
        "replay": REPLAY, "places": places, **more,
    }


LOST = frame("increment", "scenarios/race/lost_update.c", 31)
WAIT = [frame("hd_lock_acquire", "primitives/lock.c", 40), frame("second", "src/ab.c", 9)]
RECORDS = [
    finding(0x6F1C0A9BE2D47735, "data-race", "lost_update", [place(LOST), place(LOST)]),
    finding(2, "data-race", "ring", [place(*WAIT), place(LOST), place(LOST, is_cause=True)]),
    finding(3, "deadlock", "ab_ba.fixed", [place(*WAIT)], **{"class": "lock cycle"}),
    finding(4, "deadlock", "all_ours", [place(WAIT[0])]),
    finding(5, "livelock", "", [place()]),
    finding(6, "heap-buffer-overflow", None, [place(frame("push [abi:é] ü", "/x/[a]^-]\\.c", 7))]),
    finding(7, "leak", "*?[!a-z]", []),
]
PIECES = [
    "6f1c0a9be2d47735", "0000000000000002", "0000000000000003", "6f1c0a9be2d4773", "data-race:",
    "deadlock", "(lockcycle)", "lost_update", "ring", "*", "**", "?", "[a-z]", "[!a-z]", "[]-]",
    "[z-a]", "[!z-a]", "[a", "[", "]", "[!]", "[!]]", "[a-]", "[--z]", "[é-ü]", "[^x]", "[*]", "\\",
    "é", ":", " ", "  ", "\t", "\r", "\n", "\n", "\n", "#", "\"", "'", "owner=ada", " owner=ada ",
    "expires=", " expires=2999-12-31 ", " expires=2001-01-01 ", "2028-02-29", "2027-02-29",
    "20270301", "2027-13-01", "0000-01-01", " reason=x ", " reason=\"a 'b' c\" ", "reason=' '",
    "until=2027-01-01", "\\\"", "\\'", "\x0c", "\x85", "\u2028", "\ufeff", "owner", "=",
    " owner=ada expires=2999-12-31 reason=later\n", " owner=bob expires=2001-01-01 reason=old\n",
    "*lost_update.c*", "data-race:*", "*:ring:*", "deadlock(lockcycle):ab_ba.fixed:second*",
]


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="baseline.")
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        self.records = self.work / "records"
        self.records.mkdir()
        self.records_now = RECORDS
        for record in RECORDS:
            self.write(f"records/{record['identity']}.json", json.dumps(record))

    def write(self, name, text):
        path = self.work / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def heddle(self, *words, code=None):
        done = subprocess.run([HEDDLE, *map(str, words)], capture_output=True, check=False,
                              timeout=60)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Agreement(Case):
    """Of the two readers."""

    def by_c(self, known, suppressed):
        done = self.heddle("report", self.records, "--format=json", f"--output={self.work / 'out'}",
                           f"--baseline={known}", f"--suppressions={suppressed}")
        complaints = done.stderr.removeprefix("heddle: ")
        if done.returncode == 2:
            return complaints.rstrip("\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.work / "out" / "findings.json", encoding="utf-8") as file:
            findings = json.load(file)["findings"]
        statuses = {
            one["identity"]: (one["status"], one.get("suppression", {}).get("reason", ""))
            for one in findings
        }
        return statuses, complaints.splitlines(keepends=True)

    def by_python(self, known, suppressed):
        try:
            judge = Judge(known, suppressed)
        except UsageError as error:
            return str(error)
        statuses = {}
        for record in self.records_now:
            path = self.records / f"{record['identity']}.json"
            title = {"identity": record["identity"], "title": words_of_record(path)[1]}
            status, entry = judge.status(title)
            statuses[record["identity"]] = (status, entry.reason if entry else "")
        lines = "".join(f"{line}\n" for line in judge.complaints())
        return statuses, lines.splitlines(keepends=True)

    def agree(self, known, suppressed):
        files = self.write("known", known), self.write("suppressed", suppressed)
        of_c, of_python = self.by_c(*files), self.by_python(*files)
        self.assertEqual(of_c, of_python, f"known: {known!r}; suppressed: {suppressed!r}")
        return of_c

    def test_of_what_people_write(self):
        statuses, complaints = self.agree(
            "# known\n\n6f1c0a9be2d47735  data-race: somewhere\r\n\tdeadlock(lockcycle):*\n",
            "*:ring:* owner=ada expires=2999-01-01 reason=\"off by \\\"one\\\"\"\n"
            "leak:[*][?][[]* owner=bob expires=2001-01-01 reason=old\n",
        )
        of = {identity[-1]: status for identity, status in statuses.items()}
        self.assertEqual(statuses["6f1c0a9be2d47735"], ("known", ""))
        self.assertEqual(of["2"], ("suppressed", 'off by "one"'))
        self.assertEqual(of["3"], ("known", ""))
        self.assertEqual(of["7"], ("new", ""))
        self.assertRegex("".join(complaints), r"suppressed:2: expired on 2001-01-01, .*bob: old")

    def test_of_whose_turn_it_is(self):
        lines = [f"*:ring:* owner=ada expires={day} reason={day[0]}\n"
                 for day in ("1999-01-01", "2999-01-01", "3999-01-01")]
        for order in (lines, lines[::-1]):
            statuses, _ = self.agree("*:ring:*\n", "".join(order))
            reason = statuses["0000000000000002"][1]
            self.assertEqual(reason, "2" if order is lines else "3")

    def test_of_days(self):
        today = datetime.date.today()
        near = [str(today + datetime.timedelta(days)) for days in (-1, 0, 1)]
        results = [self.agree("", f"* owner=ada expires={day} reason=x\n") for day in DAYS + near]
        refused = [isinstance(result, str) for result in results]
        self.assertIn(False, refused[:len(DAYS)])
        self.assertEqual(refused[-3:], [False] * 3)

    def test_of_quotes(self):
        of_seed = random.Random(2)
        for _ in range(ROUNDS):
            inner = "".join(of_seed.choice("\"'\\\\ a") for _ in range(of_seed.randint(0, 4)))
            quote = of_seed.choice(["", "'", '"'])
            word = quote + inner + quote
            self.agree("", f"* owner=ada expires=2999-01-01 reason={word}\n")
            self.agree("", f"{word} owner=ada expires=2999-01-01 reason=x\n")

    def test_of_patterns(self):
        """A suppression that is unused fits no finding, and there is but one finding."""
        of_seed = random.Random(3)
        for path in self.records.iterdir():
            path.unlink()
        for _ in range(ROUNDS // 2):
            title = "".join(of_seed.choice("abéé€-!^[]\\") for _ in range(of_seed.randint(1, 3)))
            patterns = ["".join(of_seed.choice("**??[[]]!-^aé€\\") for _ in range(length))
                        for length in (1, 1, 2, 3, 4, 5, 6, 8) for _ in range(20)]
            patterns += ["*[!é]", "[!é]*", "*[!é]?", "??", "*??"]
            words = [shlex.quote(pattern) for pattern in patterns if pattern.strip()]
            self.title_only(title)
            self.agree("", "".join(f"{word} owner=a expires=2999-01-01 reason=x\n"
                                   for word in words))

    def title_only(self, title):
        self.records_now = [finding(1, title, "", [])]
        self.write("records/0000000000000001.json", json.dumps(self.records_now[0]))

    def test_of_titles(self):
        of_seed = random.Random(4)
        files = ["primitives/lock.c", "engine/x.c", "src/a.c", "b.c", "/usr/é.c", "engines/x.c"]

        def some(most):
            return range(of_seed.randint(0, most))

        for number in range(ROUNDS):
            places = [place(*(frame(f"f{of_seed.randint(1, 3)}", of_seed.choice(files),
                                    of_seed.randint(0, 12)) for _ in some(3)),
                            is_cause=of_seed.random() < 0.3) for _ in some(4)]
            kind = of_seed.choice(["data-race", "use-after-free", "crash", "deadlock", "race"])
            record = finding(number, kind, of_seed.choice(["p", "", None]), places,
                             **{"class": of_seed.choice([None, "", "a class"])})
            self.write(f"records/{number:016x}.json", json.dumps(record))
        known = self.work / "known.txt"
        self.heddle("baseline", "update", self.records, f"--baseline={known}", code=0)
        lines = {line[:16]: line for line in known.read_text(encoding="utf-8").splitlines()}
        for number in range(ROUNDS):
            identity = f"{number:016x}"
            title = words_of_record(self.records / f"{identity}.json")[1]
            self.assertEqual(lines[identity], baseline_line({"identity": identity, "title": title}))

    def test_of_files_that_cannot_be_read(self):
        for text in (b"\xff\n", b"x\0y\n", b"\xed\xa0\x80\n"):
            self.assertRegex(self.agree(text, ""), "known: the baseline cannot be read: .*UTF-8")
        nowhere = self.work / "nowhere"
        empty = self.write("empty", "")
        pipe = self.work / "pipe"
        os.mkfifo(pipe)
        for files in ((nowhere, empty), (empty, nowhere), (self.work, empty), (pipe, empty),
                      (empty, pipe), ("/dev/zero", empty), (empty, "/dev/full")):
            of_c = self.by_c(*files)
            self.assertIsInstance(of_c, str)
            self.assertEqual(of_c, self.by_python(*files))

    def test_of_what_nobody_would_write(self):
        of_seed = random.Random(1)
        seen = set()

        def text(most):
            return "".join(of_seed.choice(PIECES) for _ in range(of_seed.randint(0, most)))

        for _ in range(ROUNDS):
            line = f"{text(3).strip()} owner=ada expires=2999-12-31 reason=r\n"
            suppressed = of_seed.choice([text(8), line, line + line.replace("ada", text(2))])
            result = self.agree(text(of_seed.choice([4, 30])), suppressed)
            seen |= {"refused"} if isinstance(result, str) else set(result[0].values())
        # Or it would agree for want of anything to differ about.
        self.assertLessEqual({"refused", ("known", ""), ("new", ""), ("suppressed", "r")}, seen)


class Command(Case):
    """update and check."""

    def test_a_new_baseline_knows_all(self):
        known = self.work / "known.txt"
        self.assertIn("7 new, 0 known", self.check("--baseline", self.write("no", ""), code=1))
        self.heddle("baseline", "update", self.records, f"--baseline={known}", code=0)
        lines = known.read_text(encoding="utf-8").splitlines()
        self.assertEqual(lines[0][0], "#")
        first = RECORDS[0]
        title = words_of_record(self.records / f"{first['identity']}.json")[1]
        self.assertIn(baseline_line({"identity": first["identity"], "title": title}), lines)
        self.assertIn("0 new, 7 known", self.check("--baseline", known, code=0))
        before = known.read_bytes()
        self.heddle("baseline", "update", self.records, f"--baseline={known}", code=0)
        self.assertEqual(known.read_bytes(), before)

    def check(self, *words, code):
        return self.heddle("baseline", "check", self.records, *words, code=code).stdout

    def test_only_what_is_new_fails_and_is_shown(self):
        known = self.write("known", "data-race:*\ndeadlock*\nl*\n")
        output = self.check("--baseline", known, code=1)
        self.assertIn("new: 0000000000000006  heap-buffer-overflow: push [abi:é] ü", output)
        self.assertIn(f"    replay: {REPLAY}\n", output)
        self.assertEqual(output.count("replay:"), 1)
        one_more = self.write("known", "data-race:*\ndeadlock*\nl*\nheap*\n")
        self.assertIn("0 new, 7 known, 0 suppressed", self.check("--baseline", one_more, code=0))

    def test_owed_is_not_new(self):
        for record in RECORDS:
            self.write(f"records/{record['identity']}.json",
                       json.dumps({**record, "is_owed": record is RECORDS[0]}))
        known = self.write("known", "[!d]*\ndeadlock*\n*:ring:*\n")
        output = self.check("--baseline", known, code=0)
        self.assertIn("0 new, 6 known, 0 suppressed, 1 owed", output)

    def test_an_update_keeps_comments_and_order(self):
        text = "# ours\n\n  data-race:*  # all of them\nzzz gone\n\n# end"
        known = self.write("known", text)
        output = self.heddle("baseline", "update", self.records, "--baseline", known, code=0).stdout
        self.assertIn("known:4: stale, no finding matches: zzz\n", output)
        self.assertIn("5 added, 0 refreshed, 1 stale; --prune", output)
        after = known.read_text(encoding="utf-8")
        self.assertTrue(after.startswith(text + "\n0000000000000004  deadlock: all_ours: "))
        output = self.heddle("baseline", "update", self.records, "--baseline", known, "--prune",
                             code=0).stdout
        self.assertIn("0 added, 0 refreshed, 1 stale and removed", output)
        self.assertEqual(known.read_text(encoding="utf-8"), after.replace("zzz gone\n", ""))

    def test_what_cannot_be_read_is_no_reason_to_forget(self):
        known = self.write("known", "zzz  not in what can be read\n")
        self.write("records/damaged.json", '{"format": 2, "rec')
        output = self.heddle("baseline", "update", self.records, "--baseline", known, "--prune",
                             code=0).stdout
        self.assertIn("nothing is removed", output)
        self.assertIn("zzz", known.read_text(encoding="utf-8"))
        self.assertIn("1 that could not be read", self.check("--baseline", known, code=3))
        self.assertIn("7 new", self.check("--baseline", self.write("none", ""), code=1))

    def test_a_baseline_that_cannot_be_written_stays(self):
        known = self.write("known", "zzz\n")
        # A folder where the new file would be.
        (self.work / "known.new").mkdir()
        done = self.heddle("baseline", "update", self.records, "--baseline", known, code=3)
        self.assertIn("cannot write", done.stderr)
        self.assertEqual(known.read_text(encoding="utf-8"), "zzz\n")

    def test_a_name_with_a_newline_is_one_line(self):
        self.write("records/0.json", json.dumps(finding(9, "crash\nowner=x\r", "p", [])))
        known = self.work / "known.txt"
        self.heddle("baseline", "update", self.records, f"--baseline={known}", code=0)
        self.assertIn("\n0000000000000009  crash owner=x : p\n", known.read_text(encoding="utf-8"))

    def test_usage(self):
        known = self.write("known", "")
        for words in (["baseline"], ["baseline", "chekc", self.records, f"--baseline={known}"],
                      ["baseline", "check", self.records],
                      ["baseline", "check", "--baseline", known],
                      ["baseline", "check", self.records, "--baseline", self.work / "nowhere"],
                      ["baseline", "update", self.records, "--baseline=/dev/full"],
                      ["baseline", "update", self.records, "--baseline=/dev/zero"]):
            self.assertNotEqual(self.heddle(*words, code=2).stderr, "")
        os.mkfifo(self.work / "pipe")
        for path in ("/dev/zero", self.work / "pipe"):
            done = self.heddle("report", path, f"--output={self.work / 'out'}", code=3)
            self.assertIn(f"{path}: neither a file nor a folder", done.stderr)
        os.rename(self.work / "pipe", self.work / "log.7")
        self.heddle("report", self.work / "log", f"--output={self.work / 'out'}", code=3)

    def test_a_folder_that_is_not_there_is_not_made(self):
        known = self.work / "nowhere" / "known.txt"
        done = self.heddle("baseline", "update", self.records, "--baseline", known, code=2)
        self.assertIn(f"there is no folder {known.parent} ", done.stderr)
        self.assertFalse(known.parent.exists())

    def test_what_can_fit_nothing_is_named(self):
        text = ("<<<<<<< ours\n6f1c0a9be2d47735  a race\n=======\n00000000000000aa  gone\nzzz  x\n"
                "gone:*\n>>>>>>> theirs\n00000000000000AA\n")
        known = self.write("known", text)
        done = self.heddle("baseline", "check", self.records, "--baseline", known, code=1)
        lines = [line.removeprefix(f"{known}:") for line in done.stderr.splitlines()]
        self.assertEqual([line.split(":")[0] for line in lines], ["1", "3", "5", "7", "8"])
        self.assertEqual([number for number, line in enumerate(lines) if "merge" in line],
                         [0, 1, 3])
        self.agree_in_statuses(text)

    def agree_in_statuses(self, text):
        """Of the two readers, the same findings are known by such a file."""
        known = self.write("known", text)
        judge = Judge(known, None)
        of_python = [judge.status({"identity": record["identity"], "title": "none"})[0]
                     for record in RECORDS]
        self.assertIn(f"{of_python.count('known')} known", self.check("--baseline", known, code=1))
        self.heddle("baseline", "check", self.work / "gone", "--baseline", known, code=3)

    def test_paths_are_as_they_are_given(self):
        with contextlib.chdir(self.work):
            self.heddle("baseline", "update", "records", "--baseline=known.txt", code=0)
            self.assertTrue(os.path.exists("known.txt"))
            done = self.heddle("baseline", "check", "records", "--baseline=no.txt", code=2)
        self.assertTrue(done.stderr.startswith("heddle: no.txt: the baseline cannot be read"))
        self.assertIn("`heddle baseline update DIR --baseline=no.txt'", done.stderr)


class Moved(Case):
    """What is known stays known while the code around it moves, and no longer."""

    def setUp(self):
        super().setUp()
        for path in self.records.iterdir():
            path.unlink()
        self.known = self.work / "known.txt"

    def race(self, identity, line, code="    requests++;"):
        """A race of two threads in one line of server.c."""
        where = {"function": "serve", "file": "server.c", "line": line}
        record = finding(identity, "data-race", "server", [
            {**where, **place(where)}, {**where, **place(where)},
        ])
        record |= where | {"excerpts": [{"file": "server.c", "first": line, "text": [code]}]}
        self.write(f"records/{identity}.json", json.dumps(record))

    def forget(self):
        for path in self.records.iterdir():
            path.unlink()

    def update(self, *more):
        return self.heddle("baseline", "update", self.records, f"--baseline={self.known}", *more,
                           code=0).stdout

    def check(self, code):
        return self.heddle("baseline", "check", self.records, f"--baseline={self.known}",
                           code=code).stdout

    def lines(self):
        return self.known.read_text(encoding="utf-8").splitlines()

    def test_code_that_moved_is_known_and_refreshed_in_place(self):
        self.race(1, 7)
        self.update()
        self.assertRegex(self.lines()[1], r"^0{15}1  data-race: server: .*:7  ~[0-9a-f]{16}$")
        self.known.write_text("# ours\n" + self.lines()[1] + "  # ask Ada\r\n# end\n",
                              encoding="utf-8", newline="")
        self.forget()
        self.race(2, 8)
        self.assertIn("0 new, 1 known", self.check(code=0))
        self.assertIn("0 added, 1 refreshed, 0 stale", self.update("--prune"))
        self.assertRegex(self.known.read_bytes(),
                         rb"^# ours\n0{15}2  data-race: .*:8  ~\w{16}  # ask Ada\r\n# end\n$")
        self.assertIn("0 added, 0 refreshed, 0 stale", self.update())

    def test_code_that_changed_is_new(self):
        self.race(1, 7)
        self.update()
        self.forget()
        self.race(2, 8, "    requests += 2;")
        self.assertIn("1 new, 0 known", self.check(code=1))
        self.assertIn("1 added, 0 refreshed, 1 stale", self.update())

    def test_two_of_the_same_code_need_two_entries(self):
        self.race(1, 7)
        self.update()
        for identity in (1, 3):
            self.forget()
            self.race(identity, 9)
            self.race(2, 4)
            self.assertIn("1 new, 1 known", self.check(code=1))
        self.assertIn("1 added, 1 refreshed, 0 stale", self.update())
        self.forget()
        self.race(4, 40)
        self.race(5, 50)
        self.assertIn("0 new, 2 known", self.check(code=0))
        self.race(6, 60)
        self.assertIn("1 new, 2 known", self.check(code=1))

    def test_an_entry_of_old_gets_its_fingerprint(self):
        self.race(1, 7)
        self.known.write_text("0000000000000001  Ada looks at it \n", encoding="utf-8")
        self.assertIn("0 added, 1 refreshed, 0 stale", self.update())
        self.assertRegex(self.lines()[0], r"^0{15}1  Ada looks at it  ~[0-9a-f]{16} $")
        self.race(1, 7, "    requests--;")
        before = self.lines()
        self.assertIn("0 added, 1 refreshed, 0 stale", self.update())
        self.assertNotEqual(self.lines(), before)

    def test_findings_without_code_have_none(self):
        for identity in (1, 2):
            self.forget()
            self.write("records/x.json", json.dumps(finding(identity, "crash", "p", [])))
            if identity == 1:
                self.update()
        self.assertNotIn("~", self.lines()[1])
        self.assertIn("1 new, 0 known", self.check(code=1))


if __name__ == "__main__":
    HEDDLE = os.path.abspath(sys.argv.pop(1))
    unittest.main()
