/*
 * Crossing: two threads that take two locks in opposite order, if they have met often enough.
 *
 * Bug      Deadlock: each holds the lock that the other wants. They take locks only after steps by
 *          turns, each of them with the number that it wants.
 * Needs    2 threads, 4 preemptions: between any two steps, and between one thread's locks; and 3
 *          numbers of 8 each.
 * Fix      Both take the locks in one order.
 * Source   Made to be found by campaigns, not soon, and surely.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>
#include <heddle/lock.h>
#include <heddle/result.h>

enum { NUMBERS = 8 };

struct shared {
    struct hd_lock first;
    struct hd_lock second;
    uint32_t step; /* atomic; sequentially consistent: the order is not what is wrong */
};

static void setup(void *state)
{
    hd_lock_init(&((struct shared *)state)->first);
    hd_lock_init(&((struct shared *)state)->second);
}

/* Takes a step if the one before was the last that was taken. */
static bool take(struct shared *shared, uint32_t step)
{
    if (__atomic_load_n(&shared->step, __ATOMIC_SEQ_CST) != step - 1) {
        return false;
    }
    __atomic_store_n(&shared->step, step, __ATOMIC_SEQ_CST);
    return true;
}

static void hold_both(struct hd_lock *one, struct hd_lock *other)
{
    hd_lock_acquire(one);
    hd_lock_acquire(other); /* finding */
    HD_EXPECT(hd_lock_release(other) == HD_OK);
    HD_EXPECT(hd_lock_release(one) == HD_OK);
}

static bool meets(struct shared *shared)
{
    if (!take(shared, 2) || hd_choose(NUMBERS) != 1) {
        return false;
    }
    return take(shared, 4);
}

static void go_there(void *state)
{
    struct shared *shared = state;

    if (!take(shared, 1) || hd_choose(NUMBERS) != 6) {
        return;
    }
    if (!take(shared, 3) || hd_choose(NUMBERS) != 3) {
        return;
    }
    hold_both(&shared->first, &shared->second);
}

static void come_back(void *state)
{
    struct shared *shared = state;

    if (meets(shared)) {
        hold_both(&shared->second, &shared->first);
    }
}

static void come_back_in_order(void *state)
{
    struct shared *shared = state;

    if (meets(shared)) {
        hold_both(&shared->first, &shared->second);
    }
}

const struct hd_scenario hd_scenario_crossing = {
    .summary = "locks in opposite order after four steps, taken by turns",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {go_there, come_back},
    .fixed = {go_there, come_back_in_order},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
