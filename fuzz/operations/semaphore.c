/*
 * Programs of operations on semaphores: hd_semaphore, one on Concurrency Kit's event count, and the
 * POSIX semaphore; units that are supplied, and units that are given back.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/semaphore_operations.h"

/* In the order of hd_semaphore_adapters[]. */
enum { HEDDLE, EVENT_COUNT, POSIX };

static void setup(void *state)
{
    hd_semaphore_operations_begin_supplied(state, &hd_semaphore_adapters[HEDDLE], true);
}

const struct hd_scenario hd_scenario_operations_semaphore = {
    .summary = "a program of operations on hd_semaphore, which is supplied with units",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_balanced(void *state)
{
    hd_semaphore_operations_begin_balanced(state, &hd_semaphore_adapters[HEDDLE], false);
}

const struct hd_scenario hd_scenario_operations_semaphore_balanced = {
    .summary = "a program of operations on hd_semaphore, which gets its units back",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_balanced,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_event_count(void *state)
{
    hd_semaphore_operations_begin_supplied(state, &hd_semaphore_adapters[EVENT_COUNT], true);
}

const struct hd_scenario hd_scenario_operations_ck_ec_semaphore = {
    .summary = "a program of operations on a semaphore on CK's event count",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_event_count,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_event_count_balanced(void *state)
{
    hd_semaphore_operations_begin_balanced(state, &hd_semaphore_adapters[EVENT_COUNT], false);
}

const struct hd_scenario hd_scenario_operations_ck_ec_semaphore_balanced = {
    .summary =
        "a program of operations on a semaphore on CK's event count, which gets its units back",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_event_count_balanced,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix(void *state)
{
    hd_semaphore_operations_begin_supplied(state, &hd_semaphore_adapters[POSIX], false);
}

const struct hd_scenario hd_scenario_operations_posix_semaphore = {
    .summary = "a program of operations on a POSIX semaphore",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_posix,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix_balanced(void *state)
{
    hd_semaphore_operations_begin_balanced(state, &hd_semaphore_adapters[POSIX], false);
}

const struct hd_scenario hd_scenario_operations_posix_semaphore_balanced = {
    .summary = "a program of operations on a POSIX semaphore, which gets its units back",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_posix_balanced,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
