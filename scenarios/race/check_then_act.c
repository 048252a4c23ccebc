/*
 * Check, then act: the balance is looked at and changed in two critical sections.
 *
 * Bug      Each access is under `lock`, so there is no data race; but between the look and the
 *          withdrawal the other thread withdraws, and the account is overdrawn.
 * Needs    2 threads, 1 preemption: between the release after the look and the acquire before the
 *          withdrawal.
 * Fix      Look and withdraw in one critical section.
 * Source   Shape of memcached's bug 127, item increment.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/lock.h>

#define AMOUNT 60

struct shared {
    struct hd_lock lock;
    int balance; /* under lock; never negative */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
    shared->balance = 100;
}

static void acquire(struct shared *shared) { hd_lock_acquire(&shared->lock); }

static void release(struct shared *shared) { HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK); }

static void withdraw(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    bool is_enough = shared->balance >= AMOUNT;
    release(shared);
    if (is_enough) {
        acquire(shared);
        shared->balance -= AMOUNT;
        release(shared);
    }
}

static void withdraw_at_once(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    if (shared->balance >= AMOUNT) {
        shared->balance -= AMOUNT;
    }
    release(shared);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->balance >= 0); /* finding */
}

const struct hd_scenario hd_scenario_check_then_act = {
    .summary = "a balance is looked at and changed in two critical sections",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {withdraw, withdraw},
    .fixed = {withdraw_at_once, withdraw_at_once},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
