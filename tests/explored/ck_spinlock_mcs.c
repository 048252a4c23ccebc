/*
 * Concurrency Kit's MCS spinlock, explored: mutual exclusion, each thread with a node of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_spinlock.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define THREADS 3

struct shared {
    ck_spinlock_mcs_t queue; /* atomic: the node of who came last */
    ck_spinlock_mcs_context_t nodes[THREADS];
    int counter; /* under the lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    ck_spinlock_mcs_init(&shared->queue);
    hd_history_begin((const void *)&shared->queue, &hd_specification_lock, 0);
}

static void count(struct shared *shared, int self)
{
    hd_history_call((const void *)&shared->queue, HD_OP_ACQUIRE, 0);
    ck_spinlock_mcs_lock(&shared->queue, &shared->nodes[self]);
    hd_history_return((const void *)&shared->queue, HD_OK, 0);
    shared->counter++;
    hd_history_call((const void *)&shared->queue, HD_OP_RELEASE, 0);
    ck_spinlock_mcs_unlock(&shared->queue, &shared->nodes[self]);
    hd_history_return((const void *)&shared->queue, HD_OK, 0);
}

static void count_0(void *state) { count(state, 0); }

static void count_1(void *state) { count(state, 1); }

static void count_2(void *state) { count(state, 2); }

static void check(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->counter == THREADS);
}

const struct hd_scenario hd_scenario_ck_spinlock_mcs = {
    .summary = "three threads count under CK's MCS spinlock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_0, count_1, count_2},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void count_0_twice(void *state)
{
    count(state, 0);
    count(state, 0);
}

const struct hd_scenario hd_scenario_ck_spinlock_mcs_again = {
    .summary = "a node of CK's MCS spinlock is used again after the release",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_0_twice, count_1},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
