/*
 * Scenarios that are as they declare.
 *
 * Bug      Data race on `counter`.
 * Needs    2 threads, 0 preemptions.
 * Fix      One thread.
 * Source   None.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

struct shared {
    int counter;
};

static void increment(void *state) { ((struct shared *)state)->counter++; /* finding */ }

static void do_nothing(void *state) { (void)state; }

const struct hd_scenario hd_scenario_right = {
    .summary = "a race that is declared, and marked",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .fixed = {increment, do_nothing},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

const struct hd_scenario hd_scenario_right_clean = {
    .summary = "nothing wrong",
    .state_size = sizeof(struct shared),
    .threads = {increment, do_nothing},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
