/*
 * Release forgotten: one way out of a function leaves the lock held.
 *
 * Bug      `take` returns without a release when there is nothing to take; then it has ended, and
 *          whoever comes next waits for ever.
 * Needs    2 threads, 0 preemptions: the taker runs first, and finds nothing.
 * Fix      Release the lock on that way too.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock lock;
    int items; /* under lock */
    int taken; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
}

static void put(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock); /* finding */
    shared->items++;
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void take(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    if (shared->items == 0) {
        return;
    }
    shared->items--;
    shared->taken++;
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void take_and_release(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    if (shared->items > 0) {
        shared->items--;
        shared->taken++;
    }
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->items + shared->taken == 1);
}

const struct hd_scenario hd_scenario_release_forgotten = {
    .summary = "an error path returns with the lock held",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {put, take},
    .fixed = {put, take_and_release},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
