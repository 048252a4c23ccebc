/*
 * rlock released by another thread: one thread acquires it for the other one to release.
 *
 * Bug      A reentrant lock belongs to the thread that acquired it: the release is refused, and the
 *          lock stays locked.
 * Needs    2 threads, 0 preemptions.
 * Fix      A lock that anybody may release: hd_lock.
 * Source   Python's threading.RLock raises a RuntimeError for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/event.h>
#include <heddle/lock.h>
#include <heddle/rlock.h>

struct shared {
    struct hd_rlock owned;
    struct hd_lock free; /* the repaired one's */
    struct hd_event acquired;
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_rlock_init(&shared->owned);
    hd_lock_init(&shared->free);
    hd_event_init(&shared->acquired);
}

static void acquire(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_rlock_acquire(&shared->owned) == HD_OK);
    hd_event_set(&shared->acquired);
}

static void release(void *state)
{
    struct shared *shared = state;

    hd_event_wait(&shared->acquired);
    HD_EXPECT(hd_rlock_release(&shared->owned) == HD_OK); /* finding */
}

static void acquire_free(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->free);
    hd_event_set(&shared->acquired);
}

static void release_free(void *state)
{
    struct shared *shared = state;

    hd_event_wait(&shared->acquired);
    HD_EXPECT(hd_lock_release(&shared->free) == HD_OK);
}

const struct hd_scenario hd_scenario_rlock_released_by_another = {
    .summary = "a reentrant lock that its holder hands over to be released",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {acquire, release},
    .fixed = {acquire_free, release_free},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
