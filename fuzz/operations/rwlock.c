/*
 * Programs of operations on reader-writer locks: hd_rwlock, five of Concurrency Kit, and the POSIX
 * rwlock.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/rwlock_operations.h"

/* In the order of hd_rwlock_adapters[]. */
enum { HEDDLE, PLAIN, RECURSIVE, PHASE_FAIR, TASK_FAIR, BYTELOCK, POSIX };

static void setup(void *state) { hd_rwlock_operations_begin(state, &hd_rwlock_adapters[HEDDLE]); }

const struct hd_scenario hd_scenario_operations_rwlock = {
    .summary = "a program of operations on hd_rwlock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_plain(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[PLAIN]);
}

const struct hd_scenario hd_scenario_operations_ck_rwlock = {
    .summary = "a program of operations on CK's reader-writer lock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_plain,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_recursive(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[RECURSIVE]);
}

const struct hd_scenario hd_scenario_operations_ck_rwlock_recursive = {
    .summary = "a program of operations on CK's recursive reader-writer lock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_recursive,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_phase_fair(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[PHASE_FAIR]);
}

const struct hd_scenario hd_scenario_operations_ck_pflock = {
    .summary = "a program of operations on CK's phase-fair lock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_phase_fair,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_task_fair(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[TASK_FAIR]);
}

const struct hd_scenario hd_scenario_operations_ck_tflock = {
    .summary = "a program of operations on CK's task-fair lock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_task_fair,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_bytelock(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[BYTELOCK]);
}

const struct hd_scenario hd_scenario_operations_ck_bytelock = {
    .summary = "a program of operations on CK's bytelock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_bytelock,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix(void *state)
{
    hd_rwlock_operations_begin(state, &hd_rwlock_adapters[POSIX]);
}

const struct hd_scenario hd_scenario_operations_pthread_rwlock = {
    .summary = "a program of operations on a POSIX rwlock",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_posix,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
