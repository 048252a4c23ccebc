/*
 * Programs of operations on events: hd_event, one on Concurrency Kit's event count, and one of a
 * POSIX mutex and condition.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/event_operations.h"

/* In the order of hd_event_adapters[]. */
enum { HEDDLE, EVENT_COUNT, POSIX };

static void setup(void *state) { hd_event_operations_begin(state, &hd_event_adapters[HEDDLE]); }

const struct hd_scenario hd_scenario_operations_event = {
    .summary = "a program of operations on hd_event",
    .state_size = sizeof(struct hd_event_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_event_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_event_count(void *state)
{
    hd_event_operations_begin(state, &hd_event_adapters[EVENT_COUNT]);
}

const struct hd_scenario hd_scenario_operations_ck_ec_event = {
    .summary = "a program of operations on an event on CK's event count",
    .state_size = sizeof(struct hd_event_operations),
    .setup = setup_event_count,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_event_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix(void *state)
{
    hd_event_operations_begin(state, &hd_event_adapters[POSIX]);
}

const struct hd_scenario hd_scenario_operations_pthread_event = {
    .summary = "a program of operations on an event of a POSIX mutex and condition",
    .state_size = sizeof(struct hd_event_operations),
    .setup = setup_posix,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_event_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
