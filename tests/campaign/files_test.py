#!/usr/bin/env python3
"""What a campaign keeps on disk is whole after any death: state, findings, corpora."""

import errno
import hashlib
import json
import os
import unittest
from unittest import mock

import support
from campaigns import durable, outcome
from campaigns.child import HEAD_BYTES, TAIL_BYTES, Text
from campaigns.corpus import Corpus
from campaigns.finding import AS_FOUND, MINIMAL, NO_INPUT, Findings, Sighting, dropped
from campaigns.fuzzer_output import FuzzerOutput
from campaigns.lock import Lock, holder
from campaigns.state import State, TargetState
from campaigns.target import Target

TARGET = Target("/b/one", "one", "fuzz", "none", True, "", "")
OTHER = Target("/b/two", "two", "fuzz-tsan", "thread", True, "", "")
IDENTITY = "0123456789abcdef"
RECORD = {
    "kind": "data-race",
    "program": "one",
    "places": [{"is_cause": False, "stack": [{"function": "f", "file": "/w/x.c", "line": 3}]}],
}


class FilesTest(support.CampaignTest):
    def sighting(self, target=TARGET, data=b"input", identity=IDENTITY, **more):
        drop = self.work / "drop"
        drop.mkdir(exist_ok=True)
        files = {}
        for part, content in (("input", data), ("json", json.dumps(RECORD).encode())):
            path = drop / f"{target.name}-{identity}.{part}"
            path.write_bytes(content)
            files[part] = str(path)
        return Sighting(identity, "data-race", "data-race: f x.c:3", target, files, **more)

    def findings(self):
        findings = Findings(self.work / "findings")
        findings.load()
        return findings

    # ---- Files that are replaced -----------------------------------------------------------------

    def test_a_failed_write_leaves_the_old_text_and_nothing_else(self):
        path = self.work / "file"
        durable.write(path, "old")
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch.object(os, "fsync", side_effect=full), self.assertRaises(OSError) as caught:
            durable.write(path, "new")
        self.assertTrue(outcome.is_disk_full(caught.exception))
        self.assertEqual(path.read_text(), "old")
        self.assertEqual([entry.name for entry in self.work.iterdir()], ["file"])

    def test_state_comes_back(self):
        state = State(self.work)
        figures = TargetState("/b/one")
        figures.executions, figures.slices, figures.last_new = 12345, 3, 7.5
        figures.discoveries.add(100)
        figures.add_point(1.0, 1)
        state.targets["fuzz/one"] = figures
        state.elapsed, state.budget, state.night = 12.5, 100.0, 2
        state.save()
        again = State(self.work)
        self.assertTrue(again.load())
        self.assertEqual(again.targets["fuzz/one"].as_json(), figures.as_json())
        self.assertEqual((again.elapsed, again.budget, again.night), (12.5, 100.0, 2))

    def test_every_damaged_state_is_recognized(self):
        state = State(self.work)
        state.targets["fuzz/one"] = TargetState("/b/one")
        state.save()
        text = state.file.read_text()
        value = json.loads(text)
        damaged = [text[:length] for length in range(0, len(text) - 2, 7)]
        damaged += [json.dumps({k: v for k, v in value.items() if k != key}) for key in value]
        damaged += ["[]", "null", "\0" * len(text), text.replace('"version": 1', '"version": 2')]
        damaged.append(json.dumps({**value, "targets": {"fuzz/one": 3}}))
        for one in damaged:
            state.file.write_text(one)
            with self.assertRaises(ValueError, msg=one):
                State(self.work).load()
        state.file.write_bytes(b"\xff\xfe{}")
        with self.assertRaises(ValueError):
            State(self.work).load()

    def test_damaged_states_are_all_kept(self):
        state = State(self.work)
        for text in ("first", "second"):
            state.file.write_text(text)
            self.assertEqual(state.put_aside().read_text(), text)
        self.assertEqual(len(list(self.work.glob("state.json.damaged-*"))), 2)

    # ---- Findings --------------------------------------------------------------------------------

    def test_one_finding_one_folder(self):
        findings = self.findings()
        self.assertTrue(findings.add(self.sighting()))
        self.assertFalse(findings.add(self.sighting()))
        self.assertFalse(findings.add(self.sighting(target=OTHER)))
        record = self.findings().records[IDENTITY]
        self.assertEqual(record["sightings"], 3)
        self.assertEqual(record["targets"], ["fuzz/one", "fuzz-tsan/two"])
        self.assertEqual(sorted(record["flavours"]), ["fuzz", "fuzz-tsan"])
        self.assertEqual(list((self.work / "drop").iterdir()), [])

    def test_a_smaller_input_replaces_a_larger_one(self):
        findings = self.findings()
        for data, kept in ((b"12345", b"12345"), (b"123456", b"12345"), (b"123", b"123")):
            findings.add(self.sighting(data=data))
            self.assertEqual(findings.reproducer(IDENTITY, "fuzz").read_bytes(), kept)

    def test_what_has_been_made_small_stays(self):
        findings = self.findings()
        findings.add(self.sighting(data=b"12345", state=MINIMAL))
        findings.add(self.sighting(data=b"1"))
        self.assertEqual(findings.reproducer(IDENTITY, "fuzz").read_bytes(), b"12345")

    def test_an_input_replaces_none(self):
        findings = self.findings()
        report = self.work / "report"
        report.write_text("hung")
        findings.add(Sighting(IDENTITY, "hang", "hang", TARGET, {"txt": str(report)}, NO_INPUT))
        self.assertEqual(list(findings.to_shrink()), [])
        findings.add(self.sighting())
        self.assertEqual(list(findings.to_shrink()), [(IDENTITY, "fuzz")])

    def test_killed_at_any_moment_the_finding_is_there(self):
        """add() is cut short before each rename and unlink in turn: afterwards the input is where
        the target left it or in findings/, and loading knows the finding or it is still dropped."""
        for cut in range(12):
            with self.subTest(cut=cut):
                self.setUp()
                self._cut_short(cut)

    def _cut_short(self, cut):
        calls = {"count": 0}

        def counted(real):
            def call(*arguments, **more):
                calls["count"] += 1
                if calls["count"] > cut:
                    raise KeyboardInterrupt
                return real(*arguments, **more)

            return call

        findings, sighting = self.findings(), self.sighting()
        with mock.patch.object(os, "replace", counted(os.replace)), mock.patch.object(
            os, "fsync", counted(os.fsync)
        ):
            try:
                findings.add(sighting)
            except KeyboardInterrupt:
                pass
        again = self.findings()
        for (_, identity), files in dropped(self.work / "drop", is_whole=False).items():
            again.add(Sighting(identity, "data-race", "f", TARGET, files))
        self.assertEqual(again.reproducer(IDENTITY, "fuzz").read_bytes(), b"input")
        record = self.findings().records[IDENTITY]
        self.assertEqual(record["kind"], "data-race")
        self.assertTrue(again.path(IDENTITY, "fuzz", "record.json").is_file())

    def test_a_report_names_the_input_where_it_is(self):
        findings, sighting = self.findings(), self.sighting()
        report = self.work / "drop" / "report"
        report.write_text(f"  input: heddle replay one --input={sighting.files['input']}\n")
        sighting.files["txt"] = str(report)
        findings.add(sighting)
        text = findings.path(IDENTITY, "fuzz", "report.txt").read_text()
        self.assertIn(f"--input={findings.reproducer(IDENTITY, 'fuzz')}\n", text)

    def test_a_record_that_comes_after_its_input_completes_it(self):
        """Of a target of which two run, one may have renamed an input and not yet its record."""
        findings, sighting = self.findings(), self.sighting()
        late = sighting.files.pop("json")
        sighting.kind, sighting.title = "unknown", "unknown: its record cannot be read"
        findings.add(sighting)
        files = {"json": late}
        findings.add(Sighting(IDENTITY, "data-race", "data-race: f x.c:3", TARGET, files))
        self.assertEqual(self.findings().records[IDENTITY]["title"], "data-race: f x.c:3")
        self.assertTrue(findings.path(IDENTITY, "fuzz", "record.json").is_file())

    def test_what_was_made_anew_knows_its_target_when_it_is_seen_again(self):
        self.findings().add(self.sighting())
        (self.work / "findings" / IDENTITY / "finding.json").unlink()
        again = self.findings()
        again.add(self.sighting())
        self.assertEqual(self.findings().records[IDENTITY]["flavours"]["fuzz"]["target"], "one")

    def test_a_record_without_its_targets_is_damaged(self):
        self.findings().add(self.sighting())
        path = self.work / "findings" / IDENTITY / "finding.json"
        record = json.loads(path.read_text())
        del record["targets"]
        path.write_text(json.dumps(record))
        self.assertEqual(self.findings().rebuilt, [IDENTITY])

    def test_a_lost_record_is_made_anew(self):
        findings = self.findings()
        findings.add(self.sighting())
        for damage in ("", "{", '{"identity": "0123456789abcdef"}', None):
            path = self.work / "findings" / IDENTITY / "finding.json"
            path.unlink() if damage is None else path.write_text(damage)
            again = self.findings()
            self.assertEqual(again.rebuilt, [IDENTITY])
            self.assertEqual(again.records[IDENTITY]["title"], "data-race: one: f x.c:3")
            self.assertEqual(again.records[IDENTITY]["flavours"]["fuzz"]["state"], AS_FOUND)

    def test_only_what_is_whole_is_taken_from_a_target_that_runs(self):
        drop = self.work / "drop"
        drop.mkdir()
        (drop / f"one-{IDENTITY}.input").write_bytes(b"x")
        (drop / ".one-0123456789abcdef.json.77").write_bytes(b"{")
        self.assertEqual(dropped(drop), {})
        self.assertEqual(list(dropped(drop, is_whole=False)), [("one", IDENTITY)])
        (drop / f"one-{IDENTITY}.json").write_bytes(b"{}")
        self.assertEqual(list(dropped(drop)), [("one", IDENTITY)])

    # ---- Corpora ---------------------------------------------------------------------------------

    def corpus(self, *units):
        corpus = Corpus(self.work / "target")
        corpus.recover()
        for unit in units:
            corpus.add(unit)
        return corpus

    def test_a_swap_is_whole(self):
        corpus = self.corpus(b"1", b"2", b"3")
        generation = corpus.next_generation()
        (generation / "only").write_bytes(b"1")
        self.assertEqual(corpus.units(), 3)
        corpus.swap(generation)
        self.assertEqual([path.name for path in corpus.link.iterdir()], ["only"])
        self.assertEqual(len(list(corpus.folder.glob("corpus.*"))), 1)

    def test_a_swap_that_was_killed_is_one_or_the_other(self):
        corpus = self.corpus(b"1", b"2", b"3")
        corpus.swap(corpus.next_generation())
        corpus = self.corpus(b"1", b"2", b"3")
        generation = corpus.next_generation()
        (generation / "only").write_bytes(b"1")
        with mock.patch.object(os, "replace", side_effect=KeyboardInterrupt):
            with self.assertRaises(KeyboardInterrupt):
                corpus.swap(generation)
        self.assertEqual(self.corpus().units(), 3)

    def test_a_merge_that_was_killed_changes_nothing(self):
        corpus = self.corpus(b"1", b"2", b"3")
        (corpus.next_generation() / "half").write_bytes(b"1")
        again = self.corpus()
        self.assertEqual(again.units(), 3)
        self.assertEqual(len(list(again.folder.glob("corpus.*"))), 1)

    def test_a_corpus_that_was_copied_without_its_link_is_used(self):
        corpus = self.corpus(b"1", b"2", b"3")
        corpus.link.unlink()
        self.assertEqual(self.corpus().units(), 3)
        units = corpus.folder / os.readlink(corpus.link)
        corpus.link.unlink()
        units.rename(corpus.link)
        self.assertEqual(self.corpus().units(), 3)
        self.corpus().swap(self.corpus().next_generation())
        self.assertEqual(self.corpus().units(), 0)

    def test_what_a_merge_that_was_killed_noted_is_deleted(self):
        corpus = self.corpus(b"1")
        (corpus.folder / "libFuzzerTemp.Merge123.txt").write_text("x")
        self.corpus()
        self.assertEqual(len(list(corpus.folder.iterdir())), 2)

    def test_seeds_are_taken_once(self):
        seeds = self.work / "seeds"
        (seeds / "below").mkdir(parents=True)
        (seeds / "a").write_bytes(b"seed")
        (seeds / "below" / "b").write_bytes(b"another")
        corpus = self.corpus()
        self.assertEqual(corpus.take_seeds([seeds], None), 2)
        self.assertEqual(corpus.take_seeds([seeds], None), 0)
        self.assertTrue((corpus.link / hashlib.sha1(b"seed").hexdigest()).is_file())

    def test_what_libfuzzer_begins_with_is_kept_where_there_are_no_seeds(self):
        corpus = self.corpus()
        self.assertEqual(corpus.take_seeds([], None), 0)
        self.assertEqual([path.read_bytes() for path in corpus.link.iterdir()], [b"\n"])
        corpus.add(b"more")
        corpus.drop(b"\n")
        corpus.take_seeds([], None)
        self.assertEqual([path.read_bytes() for path in corpus.link.iterdir()], [b"more"])

    # ---- The lock, and what libFuzzer prints -----------------------------------------------------

    def test_a_lock_that_was_left_behind_is_taken(self):
        path = self.work / "lock"
        path.write_text("process 1 on nowhere since yesterday")
        self.assertIsNone(holder(path))
        lock = Lock(path)
        lock.take()
        self.assertEqual(lock.left_behind, "process 1 on nowhere since yesterday")
        self.assertIn(str(os.getpid()), holder(path))
        with self.assertRaises(outcome.CannotRun):
            Lock(path).take()
        lock.release()
        self.assertIsNone(holder(path))

    def test_of_endless_output_a_head_and_a_tail_are_kept(self):
        text = Text()
        for number in range(100000):
            text.add(f"line {number:06} " + "x" * 90)
        kept = text.text()
        self.assertLess(len(kept), 2 * (HEAD_BYTES + TAIL_BYTES))
        self.assertTrue(kept.startswith("line 000000 "))
        self.assertIn("\n[... lines left out ...]\n", kept)
        self.assertIn("line 099999 ", kept)

    def test_output(self):
        output = FuzzerOutput()
        for line in (
            "#55\tINITED cov: 528 ft: 1581 corp: 54/907b exec/s: 0 rss: 35Mb",
            "#56\tNEW    cov: 528 ft: 1586 corp: 55/922b lim: 40 exec/s: 0 rss: 35Mb L: 15/40",
            "#60\tREDUCE cov: 528 ft: 1586 corp: 55/920b lim: 40 exec/s: 0 rss: 35Mb L: 13/40",
            "#64\tpulse  cov: 530 ft: 1590 corp: 56/922b lim: 40 exec/s: 0 rss: 35Mb",
            "artifact_prefix='a/'; Test unit written to a/crash-c736",
            "Base64: d2VmdA==",
            "stat::number_of_executed_units: 70",
            "heddle: coverage: 70 inputs, 48 pairs, 3 once",
        ):
            output.see(line)
        self.assertEqual((output.executions, output.loaded, output.fuzzed), (70, 55, 15))
        self.assertEqual((output.coverage, output.features, output.units), (530, 1590, 56))
        self.assertEqual((output.gain, output.new_units), (11, [1]))
        self.assertEqual(output.pairs, (70, 48, 3))
        self.assertEqual(output.saved, [["a/crash-c736", b"weft"]])


if __name__ == "__main__":
    unittest.main()
