/*
 * Programs of operations on locks: hd_lock, four spinlocks of Concurrency Kit, the POSIX mutex.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/lock_operations.h"

/* In the order of hd_lock_adapters[]. */
enum { HEDDLE, FAS, TICKET, MCS, CLH, MUTEX };

static void setup(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[HEDDLE], false);
}

const struct hd_scenario hd_scenario_operations_lock = {
    .summary = "a program of operations on hd_lock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_given(void *state)
{
    hd_lock_operations_begin_given(state, &hd_lock_adapters[HEDDLE]);
}

const struct hd_scenario hd_scenario_operations_lock_given = {
    .summary = "a program of operations on hd_lock: any thread releases it",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_given,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_fas(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[FAS], false);
}

const struct hd_scenario hd_scenario_operations_ck_spinlock_fas = {
    .summary = "a program of operations on CK's fetch-and-store spinlock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_fas,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_ticket(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[TICKET], false);
}

const struct hd_scenario hd_scenario_operations_ck_spinlock_ticket = {
    .summary = "a program of operations on CK's ticket spinlock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_ticket,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_mcs(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[MCS], false);
}

const struct hd_scenario hd_scenario_operations_ck_spinlock_mcs = {
    .summary = "a program of operations on CK's MCS spinlock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_mcs,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_clh(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[CLH], false);
}

const struct hd_scenario hd_scenario_operations_ck_spinlock_clh = {
    .summary = "a program of operations on CK's CLH spinlock",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_clh,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_mutex(void *state)
{
    hd_lock_operations_begin(state, &hd_lock_adapters[MUTEX], false);
}

const struct hd_scenario hd_scenario_operations_pthread_mutex = {
    .summary = "a program of operations on a POSIX mutex",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_mutex,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
