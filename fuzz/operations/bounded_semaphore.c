/*
 * Programs of operations on bounded semaphores: hd_bounded_semaphore, and one on Concurrency Kit's
 * event count.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/semaphore_operations.h"

/* In the order of hd_bounded_semaphore_adapters[]. */
enum { HEDDLE, EVENT_COUNT };

static void setup(void *state)
{
    hd_semaphore_operations_begin_balanced(state, &hd_bounded_semaphore_adapters[HEDDLE], true);
}

const struct hd_scenario hd_scenario_operations_bounded_semaphore = {
    .summary = "a program of operations on hd_bounded_semaphore",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_event_count(void *state)
{
    hd_semaphore_operations_begin_balanced(state, &hd_bounded_semaphore_adapters[EVENT_COUNT],
                                           true);
}

const struct hd_scenario hd_scenario_operations_ck_ec_bounded_semaphore = {
    .summary = "a program of operations on a bounded semaphore on CK's event count",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_event_count,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
