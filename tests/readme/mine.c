/*
 * The scenario that the top README shows, as a file.
 *
 * Bug      Data race on `counter`.
 * Needs    2 threads; 0 preemptions.
 * Fix      None here: see scenarios/race/lost_update.c.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
/* clang-format off */
#include <heddle/check.h>
struct shared { int counter; };
static void increment(void *state) { ((struct shared *)state)->counter++; } /* finding */
static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->counter == 2); }
const struct hd_scenario hd_scenario_mine = {
    .summary = "two increments",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .check = check,
    .sc = HD_DATA_RACE,
};
