#!/usr/bin/env python3
"""The estimate of what more time would find is right where its model is, and modest where it knows
nothing."""

import math
import random
import unittest

import support  # noqa: F401  (makes campaigns importable)
from campaigns.saturation import Discoveries, chance, unseen_share


def power_law(exponent, count, now, rng):
    """Discoveries of a process with intensity ~ n^(b-1) up to `now`: of n^b, they are uniform."""
    found = Discoveries()
    for _ in range(count):
        found.add(now * rng.random() ** (1 / exponent))
    return found


class SaturationTest(unittest.TestCase):
    def test_exponent_is_found_again(self):
        """The estimate's standard deviation is b / sqrt(count): 5 of them are met by all but one in
        1.7 million draws; the seed is fixed."""
        rng = random.Random(1)
        for exponent in (0.3, 0.6, 1.0):
            found = power_law(exponent, 10000, 1e9, rng)
            self.assertAlmostEqual(found.exponent(1e9), exponent, delta=5 * exponent / 100)

    def test_expected_is_what_comes(self):
        """500 processes are watched until n and then until 2n: on average as many come as were
        expected. About 23 come in each, so 500 of them have a standard deviation of 0.2."""
        rng = random.Random(2)
        exponent, until_now = 0.3, 100
        expected = came = 0.0
        for _ in range(500):
            total = round(until_now * 2**exponent)
            times = sorted(2e6 * rng.random() ** (1 / exponent) for _ in range(total))
            found = Discoveries()
            for when in times:
                if when <= 1e6:
                    found.add(when)
            expected += found.expected(1e6, 1e6)
            came += sum(1 for when in times if when > 1e6)
        self.assertAlmostEqual(expected / 500, came / 500, delta=1.5)

    def test_saturated_is_not_growing(self):
        early = Discoveries()
        for when in range(1, 101):
            early.add(when)
        late = Discoveries()
        for when in range(1, 101):
            late.add(when * 1e4)
        self.assertLess(early.expected(1e6, 1e6), 9)
        self.assertGreater(late.expected(1e6, 1e6), 50)

    def test_nothing_found_is_no_promise(self):
        """Without any discovery the chance of one is that of the rule of succession: not 0."""
        none = Discoveries()
        self.assertEqual(none.exponent(1000), None)
        self.assertAlmostEqual(none.expected(1000, 1000), 1.0)
        self.assertAlmostEqual(chance(none.expected(1e6, 1)), 1e-6, delta=1e-9)

    def test_nothing_executed(self):
        self.assertEqual(Discoveries().expected(0, 100), 0.0)
        self.assertEqual(chance(0.0), 0.0)

    def test_good_turing(self):
        self.assertEqual(unseen_share([]), None)
        self.assertEqual(unseen_share([1, 1, 2]), 0.5)
        self.assertEqual(unseen_share([5, 7]), 0.0)

    def test_merged_sums_are_enough(self):
        found = Discoveries()
        for when in (10, 100, 1000):
            found.add(when)
        again = Discoveries(found.count, found.log_sum)
        self.assertEqual(again.exponent(1e4), found.exponent(1e4))
        self.assertTrue(math.isfinite(again.expected(1e4, 1e4)))


if __name__ == "__main__":
    unittest.main()
