"""What is shown while a campaign runs: on a terminal one line, rewritten; else a line a minute.

SPDX-License-Identifier: MIT
"""

import os
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


def write(stream, text):
    """Returns whether that was possible. A campaign outlives the terminal, or the pipe, that it was
    begun from: it is then written to /dev/null, for others may write there too."""
    try:
        stream.write(text)
        stream.flush()
        return True
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        return False


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
            self.has_line = write(self.stream, f"\r{line[:width].ljust(width)}")
        else:
            write(self.stream, line + "\n")

    def say(self, text):
        """A line that stays."""
        self.end_line()
        write(self.stream, f"fuzz/campaign: {text}\n")

    def end_line(self):
        if self.has_line:
            write(self.stream, "\n")
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
