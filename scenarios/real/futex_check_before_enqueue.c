/*
 * Futex wait that checks before it enqueues: the wake comes between the two and finds nobody.
 *
 * Bug      An emulated futex compares the word first, and takes the lock of its queue after that. A
 *          wake in between changes the word, finds the queue empty, and the waiter enqueues itself
 *          for a wake-up that has been.
 * Needs    2 threads, 1 preemption: between the comparison and the lock of the queue.
 * Fix      Compare under the lock of the queue, which a wake takes as well.
 * Source   unikraft pull request 1763; asterinas 1642.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>
#include <heddle/lock.h>
#include <heddle/semaphore.h>

/* A futex with one queue, of which only the length matters: all sleep on one semaphore. */
struct futex {
    struct hd_lock lock;
    struct hd_semaphore wakes;
    uint32_t sleepers; /* under lock */
};

struct shared {
    struct futex futex;
    uint32_t word; /* atomic: 0 until the result is there */
    int result;    /* constant once `word` is 1 */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->futex.lock);
    HD_EXPECT(hd_semaphore_init(&shared->futex.wakes, 0) == HD_OK);
}

static uint32_t load_word(const struct shared *shared)
{
    /* Acquire: pairs with the release store in finish(). */
    return __atomic_load_n(&shared->word, __ATOMIC_ACQUIRE);
}

/* ---- The futex ------------------------------------------------------------------------------- */

static void futex_wait(struct shared *shared)
{
    struct futex *futex = &shared->futex;

    if (load_word(shared) != 0) {
        return;
    }
    hd_lock_acquire(&futex->lock);
    futex->sleepers++;
    HD_EXPECT(hd_lock_release(&futex->lock) == HD_OK);
    hd_semaphore_acquire(&futex->wakes); /* finding */
}

static void futex_wait_checked(struct shared *shared)
{
    struct futex *futex = &shared->futex;

    hd_lock_acquire(&futex->lock);
    bool must_sleep = load_word(shared) == 0;

    futex->sleepers += must_sleep ? 1 : 0;
    HD_EXPECT(hd_lock_release(&futex->lock) == HD_OK);
    if (must_sleep) {
        hd_semaphore_acquire(&futex->wakes);
    }
}

static void futex_wake_all(struct futex *futex)
{
    hd_lock_acquire(&futex->lock);
    HD_EXPECT(hd_semaphore_release(&futex->wakes, futex->sleepers) == HD_OK);
    futex->sleepers = 0;
    HD_EXPECT(hd_lock_release(&futex->lock) == HD_OK);
}

/* ---- Its users ------------------------------------------------------------------------------- */

static void finish(void *state)
{
    struct shared *shared = state;

    shared->result = 5;
    /* Release: publishes result. Pairs with the acquire load in load_word(). */
    __atomic_store_n(&shared->word, 1, __ATOMIC_RELEASE);
    futex_wake_all(&shared->futex);
}

static void await(void *state)
{
    struct shared *shared = state;

    futex_wait(shared);
    HD_EXPECT(load_word(shared) == 1 && shared->result == 5);
}

static void await_checked(void *state)
{
    struct shared *shared = state;

    futex_wait_checked(shared);
    HD_EXPECT(load_word(shared) == 1 && shared->result == 5);
}

const struct hd_scenario hd_scenario_futex_check_before_enqueue = {
    .summary = "an emulated futex compares the word before it takes the lock of its queue",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {finish, await},
    .fixed = {finish, await_checked},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
