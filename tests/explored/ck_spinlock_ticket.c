/*
 * Concurrency Kit's ticket spinlock, explored: mutual exclusion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_spinlock.h>

#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    ck_spinlock_ticket_t lock;
    int counter; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    ck_spinlock_ticket_init(&shared->lock);
    hd_history_begin(&shared->lock, &hd_specification_lock, 0);
}

static void count(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    ck_spinlock_ticket_lock(&shared->lock);
    hd_history_return(&shared->lock, HD_OK, 0);
    shared->counter++;
    hd_history_call(&shared->lock, HD_OP_RELEASE, 0);
    ck_spinlock_ticket_unlock(&shared->lock);
    hd_history_return(&shared->lock, HD_OK, 0);
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->counter == 3); }

const struct hd_scenario hd_scenario_ck_spinlock_ticket = {
    .summary = "three threads count under CK's ticket spinlock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count, count, count},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
