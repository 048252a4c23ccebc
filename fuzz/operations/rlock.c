/*
 * Programs of operations on reentrant locks: hd_rlock, the writer's side of Concurrency Kit's
 * recursive reader-writer lock, the recursive POSIX mutex.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/lock_operations.h"

/* In the order of hd_rlock_adapters[]. */
enum { HEDDLE, RECURSIVE, MUTEX };

static void setup(void *state)
{
    hd_lock_operations_begin(state, &hd_rlock_adapters[HEDDLE], true);
}

const struct hd_scenario hd_scenario_operations_rlock = {
    .summary = "a program of operations on hd_rlock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_recursive(void *state)
{
    hd_lock_operations_begin(state, &hd_rlock_adapters[RECURSIVE], true);
}

const struct hd_scenario hd_scenario_operations_ck_rwlock_recursive_writer = {
    .summary = "a program of operations on the writer's side of CK's recursive reader-writer lock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_recursive,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_mutex(void *state)
{
    hd_lock_operations_begin(state, &hd_rlock_adapters[MUTEX], true);
}

const struct hd_scenario hd_scenario_operations_pthread_mutex_recursive = {
    .summary = "a program of operations on a recursive POSIX mutex",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_mutex,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
