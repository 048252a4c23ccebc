#!/usr/bin/env python3
"""A disk that becomes full while a campaign runs: it stops, says so, and still writes its summary.

The campaign runs in this process, and the write of its state fails as on a full disk, until the
reserve that it keeps for this has been given back.
"""

import contextlib
import errno
import io
import pathlib
import unittest
from unittest import mock

import support
from campaigns import durable
from campaigns.command import main


class DiskFullTest(support.CampaignTest):
    def run_full(self, name, first):
        """Runs a campaign in which the `first` write of a file of this name, and the next, fail."""
        real = durable.write
        reserve = self.dir / "reserve"
        seen = {"count": 0, "failed": 0}

        def write(path, data, is_forced=True):
            if pathlib.Path(path).name == name:
                seen["count"] += 1
                if seen["count"] >= first and reserve.exists():
                    seen["failed"] += 1
                    raise OSError(errno.ENOSPC, "No space left on device", str(path))
            real(path, data, is_forced)

        out, err = io.StringIO(), io.StringIO()
        with mock.patch.object(durable, "write", write), contextlib.redirect_stdout(
            out
        ), contextlib.redirect_stderr(err):
            code = main(["run", str(self.target("heddle")), "--dir", str(self.dir), "--seconds",
                         "30", "--slice", "1", "--disk-reserve", "1"])
        self.assertEqual(seen["failed"], 1)
        return code, out.getvalue() + err.getvalue()

    def check(self, code, output):
        """With findings that are new the exit code is theirs; the text says what stopped it."""
        self.assertIn("the disk is full: stopped; make room and run again", output)
        self.assertEqual(code, 1)
        self.assertIn("the disk is full", self.summary()["stopped"])
        self.assertEqual(self.processes(), [])
        self.run_command("run", "--dir", self.dir, "--seconds", 3, code=1)
        self.assertEqual(
            self.titles(), ["data-race: heddle: X h.c:88", "data-race: heddle: Y h.c:89"]
        )

    def test_when_the_state_is_written(self):
        self.check(*self.run_full("state.json", 3))

    def test_when_a_finding_is_written(self):
        self.check(*self.run_full("finding.json", 2))

    def test_at_the_very_beginning_nothing_is_tried(self):
        """Before the reserve is there nothing can be given back."""
        real = durable.write

        def write(path, data, is_forced=True):
            if pathlib.Path(path).name == "reserve":
                raise OSError(errno.ENOSPC, "No space left on device", str(path))
            real(path, data, is_forced)

        err = io.StringIO()
        with mock.patch.object(durable, "write", write), contextlib.redirect_stderr(err):
            code = main(["run", str(self.target("poor")), "--dir", str(self.dir), "--seconds", "3"])
        self.assertEqual(code, 3)
        self.assertIn("the disk is full; make room", err.getvalue())


if __name__ == "__main__":
    unittest.main()
