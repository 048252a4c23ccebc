/*
 * Gate-locked AB-BA: two locks in opposite order, but both orders under a third lock.
 *
 * Bug      None: whoever holds `gate` is alone with `a` and `b`. A detector that only compares the
 *          orders in which locks are taken would report a deadlock that cannot happen.
 * Needs    Nothing makes it fail; 2 threads.
 * Fix      None.
 * Source   Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", 2000: gate
 *          locks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock gate;
    struct hd_lock a;
    struct hd_lock b;
    int transfers; /* under a and b */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->gate);
    hd_lock_init(&shared->a);
    hd_lock_init(&shared->b);
}

static void transfer(struct shared *shared, struct hd_lock *from, struct hd_lock *to)
{
    hd_lock_acquire(&shared->gate);
    hd_lock_acquire(from);
    hd_lock_acquire(to);
    shared->transfers++;
    HD_EXPECT(hd_lock_release(to) == HD_OK);
    HD_EXPECT(hd_lock_release(from) == HD_OK);
    HD_EXPECT(hd_lock_release(&shared->gate) == HD_OK);
}

static void transfer_a_to_b(void *state)
{
    struct shared *shared = state;

    transfer(shared, &shared->a, &shared->b);
}

static void transfer_b_to_a(void *state)
{
    struct shared *shared = state;

    transfer(shared, &shared->b, &shared->a);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->transfers == 2);
}

const struct hd_scenario hd_scenario_gate_locked_ab_ba = {
    .summary = "two locks taken in opposite order, always under a third: no deadlock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {transfer_a_to_b, transfer_b_to_a},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
