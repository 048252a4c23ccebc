"""Who runs next: time is shared by yield, with a floor for each.

A target's yield is what its last slices brought per second: new coverage, new units, new findings.
The gain of a slice is the root of how much is new, so that a target with much to cover does not
take all, and an old slice counts half as much as the one after it. A quarter of the time is shared
equally, the rest in proportion to yield; the first slices are the same for all. Time that a target
deserves and has not had is owed to it, and whoever is owed most runs next. So none starves: each
target gets at least its part of the quarter, whatever the others find.

SPDX-License-Identifier: MIT
"""

import math

FLOOR = 0.25
EQUAL_SLICES = 2
FINDING_GAIN = 8.0
DECAY = 0.5


def gain_of(new_coverage, new_units, new_findings):
    return math.sqrt(new_coverage + new_units) + FINDING_GAIN * new_findings


class Share:
    """Of one target: what it is owed and what it yields. Plain data, kept in the state file."""

    def __init__(self, owed=0.0, rate=0.0, slices=0):
        self.owed = owed
        self.rate = rate
        self.slices = slices

    def see_gain(self, gain, seconds):
        rate = gain / max(seconds, 0.1)
        self.rate = rate if self.slices == 0 else DECAY * self.rate + (1 - DECAY) * rate
        self.slices += 1


def parts(shares):
    """The part of the time that each deserves; they add up to 1."""
    total = sum(share.rate for share in shares.values())
    count = len(shares)
    if total <= 0 or any(share.slices < EQUAL_SLICES for share in shares.values()):
        return {key: 1 / count for key in shares}
    return {
        key: FLOOR / count + (1 - FLOOR) * share.rate / total for key, share in shares.items()
    }


def charge(shares, key, seconds):
    """A target has had so many seconds: it owes them, and all are owed their part of them."""
    for other, part in parts(shares).items():
        shares[other].owed += part * seconds
    shares[key].owed -= seconds


def next_target(shares, running):
    """
    The one to run. `running` counts the slices of each that run now. Who has had fewest of the
    first, equal slices goes first; then who runs least now, then who is owed most; names break
    ties, so that the order is the same each time.
    """
    def urgency(key):
        early = min(shares[key].slices + running.get(key, 0), EQUAL_SLICES)
        return (early, running.get(key, 0), -shares[key].owed, key)

    return min(shares, key=urgency)
