"""Shrinking: the smallest reproducer of a finding that is found in some seconds.

What Heddle's target found it has shrunk itself: its record has the schedule that is left, and the
command that replays it. Anything else libFuzzer minimises byte by byte (-minimize_crash); it keeps
any crash, so what comes out is run again: if it shows another finding, then that is another
finding, and this one stays as it was found.

SPDX-License-Identifier: MIT
"""

import contextlib
import os
import shlex

from campaigns import durable
from campaigns.finding import AS_FOUND, MINIMAL, replay_of_record
from campaigns.slice import running_again_command
from campaigns.triage import sighting_of_input


def shown(path):
    """A path as a person would type it here."""
    relative = os.path.relpath(path)
    if "/" not in relative:
        relative = f"./{relative}"  # else a shell would look for a command of that name
    return str(path) if relative.startswith("..") else relative


def command_shown(target, command):
    words = [shown(word) if os.path.isabs(str(word)) else str(word) for word in command]
    options = target.options_shown()
    return shlex.join([*(["env", *options] if options else []), *words])


class Shrinking:
    """Of one finding in one flavour."""

    def __init__(self, findings, work, settings, identity):
        self.findings = findings
        self.work = work
        self.settings = settings
        self.identity = identity
        self.others = []  # sightings of other findings, met on the way

    @property
    def known(self):
        return self.findings.records[self.identity]["flavours"][self.work.target.flavour]

    def path(self, name):
        return self.findings.path(self.identity, self.work.target.flavour, name)

    async def run(self, children):
        """False if the campaign was stopped meanwhile: it is to be shrunk again."""
        kind = self.findings.records[self.identity]["kind"]
        if self.path("record.json").is_file() or kind in ("timeout", "out-of-memory", "hang"):
            state = AS_FOUND
        else:
            state = await self._by_libfuzzer(children)
        if state is None:
            return False
        self.known["state"] = state
        self.findings.save(self.identity)
        return True

    async def _by_libfuzzer(self, children):
        candidate = self.work.folder / f"shrunk-{self.identity}"
        candidate.unlink(missing_ok=True)
        target = self.work.target
        seconds = self.settings.shrink_limit
        # libFuzzer's time is that of each step, and a step that succeeds is followed by another.
        command = [
            *running_again_command(target, self.settings, self.path("original")),
            "-minimize_crash=1",
            f"-max_total_time={max(1, int(seconds / 2))}",
            f"-exact_artifact_path={candidate}",
        ]
        command, folder = self.work.for_shell(command)
        ended = await children.run(command, target.environment(), seconds + 3, folder=folder)
        if ended.is_stopped:
            candidate.unlink(missing_ok=True)
            return None
        if not candidate.is_file() or not self._is_smaller(candidate):
            candidate.unlink(missing_ok=True)
            return MINIMAL if "CRASH_MIN: failed to minimize" in ended.text else AS_FOUND
        sighting = await sighting_of_input(self.work, self.settings, children, candidate, None)
        if sighting is None:
            return None
        if sighting.identity != self.identity:
            self.others.append(sighting)
            return AS_FOUND
        durable.move(candidate, self.path("input"))
        for path in sighting.files.values():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        return MINIMAL

    def _is_smaller(self, candidate):
        return candidate.stat().st_size < self.path("original").stat().st_size


def replay_of(findings, identity, flavour, target, settings):
    """The command that shows the finding again in this flavour; None if nothing does."""
    if target is None:
        return None
    words = replay_of_record(findings.path(identity, flavour, "record.json"))
    command = target.command(words[0]) if words else None
    if command:
        return command_shown(target, [command, *words[1:]])
    path = findings.reproducer(identity, flavour)
    if path is None:
        return None
    kind = findings.records[identity]["kind"]
    if kind in ("timeout", "out-of-memory", "hang"):
        return command_shown(target, running_again_command(target, settings, path))
    return command_shown(target, [target.path, path])


