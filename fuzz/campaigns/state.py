"""What a campaign remembers: of itself and of each target. state.json, replaced in one step.

Findings and corpora are not in it, they are files of their own. So a state that is damaged costs
figures: it is kept aside, and the campaign goes on with what lies on disk.

SPDX-License-Identifier: MIT
"""

import os
import pathlib

from campaigns import durable
from campaigns.finding import now_text
from campaigns.saturation import HOUR, Discoveries
from campaigns.share import Share

VERSION = 1
POINTS_MAX = 60


class TargetState:
    """The figures of one target, over all its slices."""

    NUMBERS = {
        "seconds": float,
        "executions": int,
        "slices": int,
        "coverage": int,
        "features": int,
        "units": int,
        "units_merged": int,
        "pair_inputs": int,  # of Heddle's targets, in the last slice that said so: see summary.py
        "pairs": int,
        "pairs_once": int,
        "deaths": int,  # slices that ended by a crash
        "kills": int,  # by the watchdog
        "failures": int,  # one after the other, that left nothing to see
        "quick_deaths": int,  # one after the other, each within a second or so
        "last_new": float,  # the campaign's time
    }

    def __init__(self, path, values=None):
        values = values or {}
        self.path = path
        self.share = Share(*[float(value) for value in values.get("share", (0, 0))])
        self.discoveries = Discoveries(*values.get("discoveries", (0, 0.0)))
        # [the campaign's time, states, executions, findings]; older ones have the first two.
        self.points = [
            [float(when), *map(int, what)] for when, *what in values.get("points", [])
        ]
        for name, kind in self.NUMBERS.items():
            setattr(self, name, kind(values.get(name, 0)))
        self.share.slices = self.slices

    def as_json(self):
        return {
            "path": self.path,
            "share": [round(self.share.owed, 3), round(self.share.rate, 6)],
            "discoveries": [self.discoveries.count, self.discoveries.log_sum],
            "points": self.points,
            **{name: getattr(self, name) for name in self.NUMBERS},
        }

    @property
    def states(self):
        """What was covered."""
        return max(self.features, self.coverage)

    def expected_next(self, total):
        """The new units of as much time again, an hour at most, shared as the time before was."""
        more = self.executions * min(HOUR, total) / total if total else 0.0
        return self.discoveries.expected(self.executions, more)

    def add_point(self, elapsed, findings):
        """What was covered and found, if it has changed. Of too many every second one goes."""
        if self.points and [self.points[-1][1], self.points[-1][-1]] == [self.states, findings]:
            return
        self.points.append([round(elapsed, 1), self.states, self.executions, findings])
        if len(self.points) > POINTS_MAX:
            self.points = self.points[:1] + self.points[2:-1:2] + self.points[-1:]


class State:
    """Of the campaign: its budget, its time, its targets."""

    def __init__(self, folder):
        self.file = pathlib.Path(folder) / "state.json"
        self.begun = now_text()
        self.night = 1
        self.budget = 0.0
        self.elapsed = 0.0  # of this night
        self.before = 0.0  # of the nights before
        self.is_ended = False
        self.why_ended = ""
        self.options = {}
        self.running = []  # what was running when this was written: [key, executions]
        self.targets = {}

    @property
    def total(self):
        """The campaign's time: that of all its nights."""
        return self.before + self.elapsed

    def load(self):
        """Reads the file; False if there is none; ValueError, with why, if it is damaged."""
        try:
            value = durable.read_json(self.file)
        except FileNotFoundError:
            return False
        try:
            self._take(value)
        except (KeyError, TypeError, AttributeError, OverflowError) as problem:
            raise ValueError(f"{type(problem).__name__}: {problem}") from problem
        return True

    def _take(self, value):
        if value["version"] != VERSION:
            raise ValueError(f"version {value['version']}, and this reads {VERSION}")
        self.begun = str(value["begun"])
        self.night = int(value["night"])
        self.budget = float(value["budget"])
        self.elapsed = float(value["elapsed"])
        self.before = float(value["before"])
        self.is_ended = bool(value["is_ended"])
        self.why_ended = str(value["why_ended"])
        self.options = dict(value["options"])
        self.running = [[str(key), int(count)] for key, count in value["running"]]
        self.targets = {
            str(key): TargetState(str(of["path"]), of) for key, of in value["targets"].items()
        }

    def save(self, is_forced=True):
        names = "begun night budget elapsed before is_ended why_ended options running".split()
        value = {"version": VERSION, **{name: getattr(self, name) for name in names}}
        value["targets"] = {key: of.as_json() for key, of in sorted(self.targets.items())}
        durable.write_json(self.file, value, is_forced)

    def put_aside(self):
        """Renames a damaged file so that nothing is lost with it; its new path."""
        number = 1
        while True:
            aside = self.file.with_name(f"state.json.damaged-{number}")
            if not aside.exists():
                os.replace(self.file, aside)
                return aside
            number += 1
