/*
 * Lost update: two threads increment one plain counter.
 *
 * Bug      Data race on `counter`: when both threads read 0, one increment is lost.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between one thread's load
 *          and its store.
 * Fix      Hold `lock` across the load and the store.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock lock;
    int counter; /* under lock, in the repaired twin */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
}

static void increment(void *state)
{
    struct shared *shared = state;

    shared->counter++; /* finding */
}

static void increment_locked(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->lock);
    shared->counter++;
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == 2);
}

const struct hd_scenario hd_scenario_lost_update = {
    .summary = "two unlocked increments of one plain counter",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {increment, increment},
    .fixed = {increment_locked, increment_locked},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
