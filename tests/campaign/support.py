"""What the tests of campaigns have in common: fake targets, and running the command on them."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "fuzz"))
AT_ONCE = 10
COMMAND = TOP / "fuzz" / "campaign"


def main():
    """Runs the tests of the main module, several at a time: they mostly wait for their targets."""
    if len(sys.argv) > 1:
        unittest.main()
    module = sys.modules["__main__"]
    tests = [test for suite in unittest.defaultTestLoader.loadTestsFromModule(module)
             for test in suite]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for test, result in zip(tests, pool.map(run_one, tests)):
            wrong = [text for _, text in result.errors + result.failures]
            failed += bool(wrong)
            print(f"{'FAILED' if wrong else 'ok'}: {test.id()}")
            print("".join(wrong), end="")
            if wrong:
                print(f"reproduce: {sys.argv[0]} {test.id().removeprefix('__main__.')}")
    print(f"{len(tests)} tests, {failed} failed")
    sys.exit(1 if failed or not tests else 0)


def run_one(test):
    result = unittest.TestResult()
    test.run(result)
    return result


class CampaignTest(unittest.TestCase):
    """A folder of its own for each test: targets in bin/, the campaign in dir/."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="campaign."))
        self.dir = self.work / "dir"
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def target(self, name):
        """A fake target of this name; what it does is in the name."""
        path = self.work / "bin" / name
        path.parent.mkdir(exist_ok=True)
        text = (HERE / "fake_target.py").read_text(encoding="utf-8")
        if "heddle" in name or "torn" in name:
            text += "# HEDDLE_" + "FINDINGS\n"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def command(self, *arguments):
        return [str(COMMAND), *map(str, arguments)]

    def run_command(self, *arguments, code=None):
        """Runs the command; its output, both streams, after the exit code was as it must be."""
        done = subprocess.run(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=90,
            check=False,
        )
        self.assertNotIn("Traceback", done.stdout)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def run_campaign(self, *arguments, seconds=2, code=None):
        """Of the targets and options given."""
        return self.run_command(
            "run", *arguments, "--dir", self.dir, "--seconds", seconds, "--slice", 1,
            "--disk-reserve", 1, code=code,
        )

    def start_campaign(self, *arguments, seconds=60):
        """The same in the background, in a process group of its own."""
        process = subprocess.Popen(
            self.command(
                "run", *arguments, "--dir", self.dir, "--seconds", seconds, "--slice", 1,
                "--disk-reserve", 1,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.addCleanup(self.end, process)
        return process

    def run_until(self, what, condition, *arguments):
        """Runs a campaign until the condition holds, and interrupts it; its output."""
        campaign = self.start_campaign(*arguments, seconds=300)
        self.wait_for(what, lambda: self.is_begun() and condition(), 60)
        os.kill(campaign.pid, signal.SIGINT)
        output, _ = campaign.communicate(timeout=30)
        self.assertEqual(campaign.returncode, 130, output)
        return output

    def is_begun(self):
        return (self.dir / "state.json").exists()

    def records(self):
        """The records of all findings."""
        paths = (self.dir / "findings").glob("*/finding.json")
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def has_states(self, *states):
        """Whether there are so many reproducers, in these states."""
        found = [one["state"] for record in self.records() for one in record["flavours"].values()]
        return sorted(found) == sorted(states)

    def slices(self, key=None):
        """How many there were, of one target or of all."""
        targets = self.state()["targets"]
        return sum(of["slices"] for name, of in targets.items() if key in (None, name))

    def end(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        if not process.stdout.closed:
            process.communicate()

    def wait_for(self, what, condition, seconds=20):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            time.sleep(0.05)
        self.fail(f"not within {seconds} s: {what}")

    def summary(self):
        return json.loads((self.dir / "summary.json").read_text(encoding="utf-8"))

    def state(self):
        return json.loads((self.dir / "state.json").read_text(encoding="utf-8"))

    def titles(self):
        return sorted(row["title"] for row in self.summary()["findings"])

    def processes(self):
        """The command lines of the processes that run a target of this test."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
                if str(self.work / "bin") in line and "fuzz/campaign" not in line:
                    found.append(line)
        return found
