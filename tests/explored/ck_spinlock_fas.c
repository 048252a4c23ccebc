/*
 * Concurrency Kit's fetch-and-store spinlock, explored: mutual exclusion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_spinlock.h>

#include <heddle/check.h>

struct shared {
    ck_spinlock_fas_t lock;
    int counter;   /* under lock */
    int successes; /* under lock: tries that took it */
};

static void setup(void *state) { ck_spinlock_fas_init(&((struct shared *)state)->lock); }

static void count(void *state)
{
    struct shared *shared = state;

    ck_spinlock_fas_lock(&shared->lock);
    shared->counter++;
    ck_spinlock_fas_unlock(&shared->lock);
}

static void try(void *state)
{
    struct shared *shared = state;

    if (ck_spinlock_fas_trylock(&shared->lock)) {
        shared->counter++;
        shared->successes++;
        ck_spinlock_fas_unlock(&shared->lock);
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
