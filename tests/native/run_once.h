/*
 * Run once: a scenario with real threads, and what came of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_NATIVE_RUN_ONCE_H
#define HEDDLE_TESTS_NATIVE_RUN_ONCE_H

#include <stdbool.h>

#include <heddle/check.h>

/* What came of a run. The first is 0, the exit status of one in which nothing happened. */
enum hd_native_outcome {
    HD_NATIVE_QUIET,    /* nothing, so nothing was noticed */
    HD_NATIVE_REPORTED, /* ThreadSanitizer reported something */
    HD_NATIVE_FAILED,   /* an expectation failed, or the process died */
    HD_NATIVE_HUNG,     /* it did not end in time */
    HD_NATIVE_OUTCOMES  /* how many there are */
};

/*
 * Run the scenario, or its repaired twin, in a child process, which is killed after `limit_ms`.
 *
 * Requires    No other thread in this process. `seed` is what hd_choose() draws from.
 * Blocks      At most `limit_ms`.
 * Returns     What came of it.
 * Ordering    None.
 */
enum hd_native_outcome
hd_native_run(const struct hd_scenario *scenario, bool is_fixed, unsigned seed, unsigned limit_ms);

#endif
