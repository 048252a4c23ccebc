"""The run record of a target: what `heddle report` shows of how far it came.

    runs/<flavour>.<name>.run.json        docs/FINDING_FORMAT.md, "A run"

Its samples are the target's growth: what it covered and found, over executions and the campaign's
time. It is written after each slice, so that a campaign that is killed has one.

SPDX-License-Identifier: MIT
"""

import os
import re

from campaigns.saturation import chance, percent

FORMAT = 2


def run_record(target, figures, own, total):
    """`own` are the records of what it found, in that order; `total` is the campaign's time."""
    return {
        "format": FORMAT,
        "record": "run",
        "program": _program(target),
        "flavour": target.flavour,
        "model": None,
        "build_id": None,
        "strategy": "libFuzzer",
        "seed": None,
        "command": f"fuzz/campaign run {_shown(target)}",
        "verdict": _word(own[0]["kind"]) if own else "clean",
        "owes": None,
        "is_as_owed": None,
        "conclusion": _conclusion(figures, len(own), total),
        "is_complete": False,
        "executions": figures.executions,
        "steps": None,
        "seconds": round(figures.seconds, 1),
        "findings": [record["identity"] for record in own],
        "samples": _samples(figures, len(own)),
        "lock_order": [],
        "warnings": _warnings(figures),
    }


def _program(target):
    """As Heddle's own records name it: a twin with a dot."""
    is_twin = target.is_heddle and target.name.endswith("-fixed")
    return target.name.removesuffix("-fixed") + ".fixed" if is_twin else target.name


def _word(kind):
    """A kind as one word: "undefined: signed integer overflow" as "undefined"."""
    return re.sub(r"[^a-z0-9]+", "-", kind.partition(":")[0].lower()).strip("-")


def _shown(target):
    """Its path in the source tree, or, outside of that, its name alone."""
    path = os.path.relpath(target.path, target.source) if target.source else ".."
    return target.name if path.startswith("..") else path


def _conclusion(figures, findings, total):
    found = f"{findings or 'no'} finding{'' if findings <= 1 else 's'}"
    return (
        f"{found} in {figures.executions} executions by libFuzzer; as much time again, an hour at "
        f"most, brings new coverage with {percent(chance(figures.expected_next(total)))} "
        "probability"
    )


def _samples(figures, findings):
    """Its growth, and where it is now."""
    points = [point for point in figures.points if len(point) == 4]
    if points and points[-1][2] != figures.executions:
        points = [*points, [points[-1][0], figures.states, figures.executions, findings]]
    return [
        {"executions": executions, "seconds": seconds, "states": states, "findings": found}
        for seconds, states, executions, found in points
    ]


def _warnings(figures):
    lines = []
    if figures.failures:
        lines.append("it ends and leaves no input: it could not be tried")
    if figures.kills:
        lines.append(f"it hung, and was killed by the watchdog: {figures.kills} times")
    return lines
