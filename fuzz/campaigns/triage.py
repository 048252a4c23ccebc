"""Triage: which finding is it that an input, saved by libFuzzer, shows?

The input is run again, and the report that comes names the finding. Where Heddle's target finds
something itself, the record that it leaves does. An input that shows nothing any more, three times,
is kept under what the slice said about it, or, after a power cut, under its own name.

SPDX-License-Identifier: MIT
"""

import hashlib
import signal

from campaigns import durable, sanitizer_report
from campaigns.finding import MINIMAL, NOT_AGAIN, TO_SHRINK, UNKNOWN, Sighting, dropped
from campaigns.finding import replay_of_record, words_of_record
from campaigns.slice import running_again_command

TRIES = 3


def describe_report(target, ended):
    """(identity, kind, title, text) of an output that ended badly."""
    report = sanitizer_report.read(ended.text)
    if report is None:
        kind = _kind_of_code(ended)
        report = sanitizer_report.Report(kind, [], ended.text)
    title = report.title() if report.places() else f"{report.kind}: {target.name}"
    return report.identity(target.key), report.kind, title, ended.text


def _kind_of_code(ended):
    if ended.is_killed:
        return "hang"
    if ended.code < 0:
        return f"killed by {signal.Signals(-ended.code).name}"
    return f"exit code {ended.code}"


async def sighting_of_input(work, settings, children, path, slice_ended):
    """
    What this input shows; None if the campaign was stopped meanwhile. `slice_ended` is how the
    slice ended that saved it, None if that is not known any more.
    """
    target = work.target
    command = running_again_command(target, settings, path)
    timeout = settings.timeout or target.timeout_seconds
    environment = target.environment(HEDDLE_FINDINGS=work.again)
    for leftover in work.again.iterdir():
        leftover.unlink()  # of a run that was killed: it would be taken for this input's
    for _ in range(TRIES):
        ended = await children.run(command, environment, 2 * timeout + 20)
        if ended.is_stopped:
            return None
        own = _own_finding(work, path)
        if own is not None:
            return own
        if ended.code != 0:
            return sighting(work, path, describe_report(target, ended), TO_SHRINK)
    if slice_ended is not None and slice_ended.code != 0:
        return sighting(work, path, describe_report(target, slice_ended), NOT_AGAIN)
    return sighting(work, path, _nameless(path), NOT_AGAIN)


def _nameless(path):
    kind = path.name.partition("-")[0]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return digest, kind, f"{kind}: not seen again, and its report is lost", ""


def sighting(work, path, described, state):
    identity, kind, title, text = described
    """Of an input, described so."""
    report = work.folder / f"report-{identity}.txt"
    durable.write(report, text)
    files = {"input": str(path), "txt": str(report)}
    return Sighting(identity, kind, title, work.target, files, state)


def _own_finding(work, path):
    """The finding that Heddle's target left when it ran the input again."""
    found = dropped(work.again)
    own = None
    for (_, identity), files in sorted(found.items()):
        if own is None:
            files = {**files, "input": str(path)}
            own = sighting_of_record(work.target, identity, files)
    for leftover in work.again.iterdir():
        if own is None or str(leftover) not in own.files.values():
            leftover.unlink()
    return own


def sighting_of_record(target, identity, files):
    """Of what Heddle's target left itself."""
    words = words_of_record(files["json"]) if "json" in files else None
    kind, title = words or (UNKNOWN, "unknown: its record cannot be read")
    is_shrunk = "json" in files and replay_of_record(files["json"])
    return Sighting(identity, kind, title, target, files, MINIMAL if is_shrunk else TO_SHRINK)
