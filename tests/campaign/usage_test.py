#!/usr/bin/env python3
"""What makes no sense is said at once: what is wrong, where, and what to do."""

import os

import support


class UsageTest(support.CampaignTest):
    def error(self, *arguments, code=2):
        return self.run_command(*arguments, code=code)

    def test_help(self):
        self.assertIn("fuzz/campaign status DIR", self.run_command("--help", code=0))
        self.assertIn("--disk-limit", self.run_command("run", "--help", code=0))

    def test_wrong_options(self):
        target = self.target("poor")
        wrong = {
            ("--hours", "-1"): "argument --hours: needs a number above 0, not `-1'",
            ("--hours", "nan"): "needs a number above 0",
            ("--seconds", "x"): "argument --seconds: needs a number above 0, not `x'",
            ("--jobs", "0"): "argument --jobs: needs a number from 1, not `0'",
            ("--hours", "1", "--minutes", "1"): "not allowed with",
            ("--hour", "1"): "unrecognized arguments",
            (): "how long? give --hours",
        }
        for options, what in wrong.items():
            output = self.error("run", target, "--dir", self.dir, *options)
            self.assertIn(what, output)

    def test_a_negative_number_joined_to_its_option(self):
        output = self.error("run", self.target("poor"), "--dir", self.dir, "--hours=-2")
        self.assertIn("needs a number above 0, not `-2'", output)

    def test_no_folder_and_no_target(self):
        self.assertIn("required: --dir", self.error("run", self.target("poor"), "--hours", 1))
        self.assertIn("no target is given", self.error("run", "--dir", self.dir, "--hours", 1))
        self.assertIn("see: fuzz/campaign --help", self.error())

    def test_targets_that_are_none(self):
        folder = self.work / "bin"
        plain = self.target("plain")
        plain.chmod(0o644)
        script = self.target("script")
        script.write_text("#!/bin/sh\n")
        cases = {
            folder / "nobody": "there is no such target; is it built?",
            f"{folder}/*_fuzz": "matches nothing; is it built?",
            f"{folder}/p*": "matches 1 files, none a target",
            plain: "cannot be executed",
            script: "is no libFuzzer program",
            folder: "is a folder; give its programs",
        }
        for target, what in cases.items():
            output = self.error(target, "--dir", self.dir, "--hours", 1)
            self.assertIn(what, output)
            self.assertIn(str(target).rstrip("*"), output)

    def test_two_targets_of_one_name(self):
        first = self.target("poor")
        second = self.work / "elsewhere" / "poor"
        second.parent.mkdir()
        second.write_bytes(first.read_bytes())
        second.chmod(0o755)
        output = self.error(first, second, "--dir", self.dir, "--hours", 1)
        self.assertIn("two targets are called plain/poor", output)

    def test_folders_that_are_not_ours(self):
        (self.work / "home").mkdir()
        (self.work / "home" / "letter").write_text("dear")
        target = self.target("poor")
        output = self.error(target, "--dir", self.work / "home", "--hours", 1)
        self.assertIn("is not empty, and no campaign's folder", output)
        self.assertEqual(os.listdir(self.work / "home"), ["letter"])
        output = self.error(target, "--dir", self.work / "home" / "letter", "--hours", 1)
        self.assertIn("cannot be made", output)
        output = self.error(target, "--dir", "/proc/campaign", "--hours", 1)
        self.assertIn("/proc/campaign: cannot be made", output)
        for verb in ("status", "summary", "baseline"):
            self.assertIn("is no campaign's folder", self.error(verb, self.work / "home"))

    def test_a_misspelt_command(self):
        for word, verb in {"statu": "status", "sumary": "summary", "baselin": "baseline"}.items():
            output = self.error(word, self.dir)
            self.assertIn(f"there is no command `{word}'; did you mean `{verb}'?", output)
        self.assertIn("nobody: there is no such target", self.error(
            "nobody", "--dir", self.dir, "--hours", 1))

    def test_seeds_that_are_not_there(self):
        target = self.target("poor")
        output = self.error(target, "--dir", self.dir, "--hours", 1, "--seeds", "/nowhere")
        self.assertIn("/nowhere: there is no such folder of seeds", output)


if __name__ == "__main__":
    support.main()
