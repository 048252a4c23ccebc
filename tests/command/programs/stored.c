/*
 * Stored: scenarios whose bug is replayed, because random search would hardly meet it.
 *
 * Bug      One of the numbers that a thread may draw is the wrong one.
 * Needs    1 thread, 0 preemptions.
 * Fix      None: it is here to be found.
 * Source   Written for verify.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/check.h>

#define RARE 1000000U

static void fail_rarely(void *state)
{
    (void)state;
    HD_EXPECT(hd_choose(RARE) != 7); /* finding */
}

const struct hd_scenario hd_scenario_stored_rare = {
    .summary = "fails once in a million, and has a schedule that shows it",
    .threads = {fail_rarely},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};

const struct hd_scenario hd_scenario_stored_kind = {
    .summary = "has a schedule that shows something else than it owes",
    .threads = {fail_rarely},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};

const struct hd_scenario hd_scenario_stored_stale = {
    .summary = "has a schedule that shows nothing any more",
    .threads = {fail_rarely},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};

const struct hd_scenario hd_scenario_stored_astray = {
    .summary = "has a schedule that cannot be followed",
    .threads = {fail_rarely},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};

static void fail_elsewhere(void *state)
{
    (void)state;
    HD_EXPECT(hd_choose(RARE) != 7);
}

const struct hd_scenario hd_scenario_stored_place = {
    .summary = "has a schedule that shows it at a line that is not marked",
    .threads = {fail_elsewhere},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};

const struct hd_scenario hd_scenario_stored_swapped = {
    .summary = "has the schedule of another one",
    .threads = {fail_rarely},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
