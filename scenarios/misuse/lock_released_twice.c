/*
 * Release of a lock not held: on an error, a lock is released where the caller releases it again.
 *
 * Bug      The second release finds the lock free, or, worse, held by the other thread, which then
 *          is not alone any more.
 * Needs    2 threads, 0 preemptions.
 * Fix      Who acquired it releases it, once.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock lock;
    int count; /* under lock */
};

static void setup(void *state) { hd_lock_init(&((struct shared *)state)->lock); }

static void give_up(struct shared *shared) { HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK); }

static void fail(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    give_up(shared);
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK); /* finding */
}

static void fail_once(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    give_up(shared);
}

static void count(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    shared->count++;
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK); /* finding */
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->count == 1); }

const struct hd_scenario hd_scenario_lock_released_twice = {
    .summary = "a lock released by its holder, and once more",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {fail, count},
    .fixed = {fail_once, count},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
