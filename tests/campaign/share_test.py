#!/usr/bin/env python3
"""Time is shared by yield: the first slices are equal, none starves, who finds more gets more."""

import unittest

import support  # noqa: F401  (makes campaigns importable)
from campaigns.share import EQUAL_SLICES, FLOOR, Share, charge, gain_of, next_target, parts


def simulate(gains, slices, seconds=10.0):
    """How many slices each target gets; `gains` are of a slice of each."""
    shares = {name: Share() for name in gains}
    got = dict.fromkeys(gains, 0)
    order = []
    for _ in range(slices):
        name = next_target(shares, {})
        got[name] += 1
        order.append(name)
        shares[name].see_gain(gains[name], seconds)
        charge(shares, name, seconds)
    return got, order


class ShareTest(unittest.TestCase):
    def test_first_slices_are_equal(self):
        names = {"a": 100.0, "b": 0.0, "c": 1.0}
        got, order = simulate(names, 3 * EQUAL_SLICES)
        self.assertEqual(got, dict.fromkeys(names, EQUAL_SLICES))
        self.assertEqual(order[:3], ["a", "b", "c"])

    def test_parts_add_up_to_one(self):
        shares = {name: Share(0, rate, 5) for name, rate in (("a", 3.0), ("b", 0.0), ("c", 1.0))}
        self.assertAlmostEqual(sum(parts(shares).values()), 1.0)

    def test_none_starves(self):
        """19 targets that find nothing get the floor beside one that finds all the time."""
        gains = {"rich": 1000.0, **{f"poor{n:02}": 0.0 for n in range(19)}}
        got, _ = simulate(gains, 4000)
        for name, count in got.items():
            self.assertGreaterEqual(count, 0.9 * FLOOR / 20 * 4000, name)
        self.assertGreater(got["rich"], 0.7 * 4000)

    def test_time_follows_yield(self):
        got, _ = simulate({"a": 30.0, "b": 10.0}, 4000)
        self.assertAlmostEqual(got["a"] / 4000, FLOOR / 2 + (1 - FLOOR) * 0.75, delta=0.02)

    def test_nobody_finds_anything(self):
        got, _ = simulate({"a": 0.0, "b": 0.0, "c": 0.0}, 300)
        self.assertEqual(set(got.values()), {100})

    def test_a_target_that_dries_up_loses_its_part(self):
        shares = {"a": Share(), "b": Share()}
        for turn in range(400):
            name = next_target(shares, {})
            gain = 10.0 if (name == "a") == (turn < 100) else 0.0
            shares[name].see_gain(gain, 10.0)
            charge(shares, name, 10.0)
        self.assertGreater(parts(shares)["b"], 0.8)

    def test_who_runs_already_comes_last(self):
        shares = {name: Share(owed, 1.0, 5) for name, owed in (("a", 100.0), ("b", 0.0))}
        self.assertEqual(next_target(shares, {}), "a")
        self.assertEqual(next_target(shares, {"a": 1}), "b")

    def test_who_comes_later_begins_at_once(self):
        """A target that is new in the second night, beside one that is owed an hour."""
        shares = {"old": Share(3600.0, 5.0, 100), "young": Share()}
        self.assertEqual(next_target(shares, {}), "young")

    def test_a_finding_is_worth_much_coverage(self):
        self.assertGreater(gain_of(0, 0, 1), gain_of(50, 5, 0))
        self.assertGreater(gain_of(4, 0, 0), gain_of(0, 1, 0))


if __name__ == "__main__":
    unittest.main()
