/*
 * Programs of operations on conditions: hd_condition over both of Heddle's locks, one on
 * Concurrency Kit's event count, and the POSIX one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/condition_operations.h"

/* In the order of hd_condition_adapters[]. */
enum { HEDDLE, REENTRANT, EVENT_COUNT, POSIX };

static void setup(void *state)
{
    hd_condition_operations_begin(state, &hd_condition_adapters[HEDDLE]);
}

const struct hd_scenario hd_scenario_operations_condition = {
    .summary = "a program of operations on hd_condition",
    .state_size = sizeof(struct hd_condition_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_condition_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_rlock(void *state)
{
    hd_condition_operations_begin(state, &hd_condition_adapters[REENTRANT]);
}

const struct hd_scenario hd_scenario_operations_condition_rlock = {
    .summary = "a program of operations on hd_condition over a reentrant lock",
    .state_size = sizeof(struct hd_condition_operations),
    .setup = setup_rlock,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_condition_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_event_count(void *state)
{
    hd_condition_operations_begin(state, &hd_condition_adapters[EVENT_COUNT]);
}

const struct hd_scenario hd_scenario_operations_ck_ec_condition = {
    .summary = "a program of operations on a condition on CK's event count",
    .state_size = sizeof(struct hd_condition_operations),
    .setup = setup_event_count,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_condition_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix(void *state)
{
    hd_condition_operations_begin(state, &hd_condition_adapters[POSIX]);
}

const struct hd_scenario hd_scenario_operations_pthread_cond = {
    .summary = "a program of operations on a POSIX condition",
    .state_size = sizeof(struct hd_condition_operations),
    .setup = setup_posix,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_condition_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
