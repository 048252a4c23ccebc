/*
 * Concurrency Kit's fetch-and-store spinlock, explored: mutual exclusion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdbool.h>

#include <ck_spinlock.h>

#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    ck_spinlock_fas_t lock;
    int counter;   /* under lock */
    int successes; /* under lock: tries that took it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    ck_spinlock_fas_init(&shared->lock);
    hd_history_begin(&shared->lock, &hd_specification_lock, 0);
}

static void count(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    ck_spinlock_fas_lock(&shared->lock);
    hd_history_return(&shared->lock, HD_OK, 0);
    shared->counter++;
    hd_history_call(&shared->lock, HD_OP_RELEASE, 0);
    ck_spinlock_fas_unlock(&shared->lock);
    hd_history_return(&shared->lock, HD_OK, 0);
}

static void try(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    bool is_taken = ck_spinlock_fas_trylock(&shared->lock);

    hd_history_return(&shared->lock, is_taken ? HD_OK : HD_BUSY, 0);
    if (is_taken) {
        shared->counter++;
        shared->successes++;
        hd_history_call(&shared->lock, HD_OP_RELEASE, 0);
        ck_spinlock_fas_unlock(&shared->lock);
        hd_history_return(&shared->lock, HD_OK, 0);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == shared->successes + 2);
}

const struct hd_scenario hd_scenario_ck_spinlock_fas = {
    .summary = "two threads count under CK's fetch-and-store spinlock, one tries to",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count, count, try},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
