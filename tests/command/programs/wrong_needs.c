/*
 * A race that is said to need more than it does.
 *
 * Bug      Data race on `counter`.
 * Needs    2 threads, 3 preemptions.
 * Fix      None.
 * Source   None.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

struct shared {
    int counter;
};

static void increment(void *state) { ((struct shared *)state)->counter++; /* finding */ }

const struct hd_scenario hd_scenario_wrong_needs = {
    .summary = "states three preemptions, needs none",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
