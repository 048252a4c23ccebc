/*
 * Endless: computes for ever where no hook sees it, if a value is 7.
 *
 * Bug      No event comes any more: neither the engine nor its bound on steps can end it.
 * Needs    1 thread, one value of 16.
 * Fix      An end.
 * Source   Made for this test: a hang of the process is the fuzzer's to find.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

static void compute(void *state)
{
    (void)state;
    while (hd_choose(16) == 7) {
        for (;;) {
            __asm__ volatile("" ::: "memory");
        }
    }
}

const struct hd_scenario hd_scenario_endless = {
    .summary = "computes for ever if a value is 7",
    .threads = {compute},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
