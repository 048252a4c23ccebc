"""How likely it is that more time finds more.

Discoveries become rarer. That new units come with the intensity a b n^(b-1) after n executions
(a power law: the model of Crow and the US Army's AMSAA for faults found in testing) has two
parameters, whose estimates need no more than how many discoveries there were and the sum of the
logarithms of when. b near 1: as many as ever; b near 0: hardly any more. With fewer than two
discoveries the rule of succession is used: (discoveries + 1) / n for each further execution.

How many findings are still unseen, Good and Turing estimate: the chance that the next sighting is
of a new finding is the share of sightings that are of findings seen only once.

What it does not know: that a mutation, a seed or a mended obstacle opens a new part of the program.

Source   L. Crow, Reliability Analysis for Complex, Repairable Systems (1975); M. Boehme, STADS:
         Software Testing as Species Discovery (2018), for fuzzing.

SPDX-License-Identifier: MIT
"""

import math

HOUR = 3600.0  # no estimate is for longer, nor for longer than there was time to learn from


class Discoveries:
    """How many there were, and the sum of the logarithms of when."""

    def __init__(self, count=0, log_sum=0.0):
        self.count = count
        self.log_sum = log_sum

    def add(self, when):
        self.count += 1
        self.log_sum += math.log(max(when, 1.0))

    def exponent(self, now):
        """b of the power law (its unbiased estimate); None with fewer than two discoveries."""
        spread = self.count * math.log(max(now, 1.0)) - self.log_sum
        if self.count < 2 or spread <= 0:
            return None
        return (self.count - 1) / spread

    def expected(self, now, more):
        """How many discoveries the next `more` executions (or seconds) may bring."""
        if now <= 0 or more <= 0:
            return 0.0
        exponent = self.exponent(now)
        if exponent is None:
            return (self.count + 1) / now * more
        return self.count * ((1 + more / now) ** exponent - 1)


def chance(expected):
    """That at least one comes, if so many are expected (Poisson)."""
    return 1 - math.exp(-expected)


def percent(value):
    """A probability, for people; `?' if it is None."""
    if value is None:
        return "?"
    return f"{100 * value:.0f} %" if value >= 0.01 or value == 0 else "< 1 %"


def unseen_share(sightings):
    """Good-Turing: of the counts of how often each was seen; None if nothing was."""
    total = sum(sightings)
    return None if total == 0 else sum(1 for count in sightings if count == 1) / total
