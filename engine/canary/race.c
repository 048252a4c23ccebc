/*
 * Canary: two threads that write one variable without any order.
 *
 * Instrumented, like the code under test: were the hooks of memory accesses not reached, it would
 * not be found.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/canary/programs.h"

struct shared {
    int written;
};

static void write_it(void *state) { ((struct shared *)state)->written++; }

const struct hd_scenario hde_canary_race = {
    .summary = "two unordered writes",
    .state_size = sizeof(struct shared),
    .threads = {write_it, write_it},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
