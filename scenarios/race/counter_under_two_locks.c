/*
 * Counter under two locks: incremented by those who submit work, decremented by those who do it,
 * each under the lock of their own side.
 *
 * Bug      Data race on `slow_work`: two different locks exclude nobody. A lost decrement leaves
 *          the counter too high for ever, and the pool believes that it is busy.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between one thread's load of
 *          the counter and its store.
 * Fix      One lock for the counter, whoever changes it.
 * Source   libuv's thread pool: the count of slow work, changed under the queue's mutex and under
 *          the loop's.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock queue_lock;
    struct hd_lock loop_lock;
    int queued;    /* under queue_lock */
    int done;      /* under loop_lock */
    int slow_work; /* under queue_lock, in the repaired twin */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->queue_lock);
    hd_lock_init(&shared->loop_lock);
    shared->slow_work = 1;
}

static void submit(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->queue_lock);
    shared->queued++;
    shared->slow_work++; /* finding */
    HD_EXPECT(hd_lock_release(&shared->queue_lock) == HD_OK);
}

static void finish(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->loop_lock);
    shared->done++;
    shared->slow_work--; /* finding */
    HD_EXPECT(hd_lock_release(&shared->loop_lock) == HD_OK);
}

static void finish_with_queue_lock(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->loop_lock);
    shared->done++;
    HD_EXPECT(hd_lock_release(&shared->loop_lock) == HD_OK);
    hd_lock_acquire(&shared->queue_lock);
    shared->slow_work--;
    HD_EXPECT(hd_lock_release(&shared->queue_lock) == HD_OK);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->slow_work == 1);
}

const struct hd_scenario hd_scenario_counter_under_two_locks = {
    .summary = "a counter incremented under one lock and decremented under another",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {submit, finish},
    .fixed = {submit, finish_with_queue_lock},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
