"""What is shown while a campaign runs: on a terminal one line, rewritten; else a line a minute.

SPDX-License-Identifier: MIT
"""

import shutil
import sys
import time

LINE_SECONDS = 60.0


def clock(seconds):
    """1:02:03"""
    seconds = int(seconds)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def short(number):
    """1234567 as 1.2 M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e4)):
        if number >= size:
            return f"{number / (1e3 if unit == 'k' else size):.1f} {unit}"
    return f"{number:.0f}"


class Progress:
    """Writes to standard error; standard output is the summary's."""

    def __init__(self, is_quiet=False, stream=None):
        self.stream = stream or sys.stderr
        self.is_quiet = is_quiet
        self.is_terminal = self.stream.isatty()
        self.has_line = False
        self.last = time.monotonic()

    def show(self, campaign, slices):
        now = time.monotonic()
        if self.is_quiet or (not self.is_terminal and now - self.last < LINE_SECONDS):
            return
        self.last = now
        line = progress_line(campaign, slices)
        if self.is_terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{line[:width].ljust(width)}")
            self.has_line = True
        else:
            self.stream.write(line + "\n")
        self.stream.flush()

    def say(self, text):
        """A line that stays."""
        self.end_line()
        self.stream.write(f"fuzz/campaign: {text}\n")
        self.stream.flush()

    def end_line(self):
        if self.has_line:
            self.stream.write("\n")
            self.has_line = False


def progress_line(campaign, slices):
    state = campaign.state
    executions = sum(state.targets[key].executions for key in campaign.works)
    executions += sum(one.output.executions for one in slices)
    features = sum(state.targets[key].features for key in campaign.works)
    statuses = [campaign.judge.status(record)[0] for record in campaign.findings.records.values()]
    names = ", ".join(sorted({one.work.target.key for one in slices}))
    return (
        f"{clock(state.elapsed)} of {clock(state.budget)}  {short(executions)} executions  "
        f"{short(features)} features  findings: {statuses.count('new')} new, "
        f"{len(statuses) - statuses.count('new')} known or suppressed  now: {names}"
    )
