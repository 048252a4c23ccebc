/*
 * Self-contained mutex: an unlock that looks for sleepers apart from releasing the lock.
 *
 * Bug      The unlock sees no sleeper, and releases the lock. In between, another thread finds the
 *          lock taken, says that it sleeps, and does; nobody wakes it.
 * Needs    2 threads, 1 preemption: between the look and the release.
 * Fix      Keep the lock and the number of sleepers in one word: the release returns the number.
 * Source   Shadow's SelfContainedMutex, issue 2557, found with loom. There the look comes after the
 *          release in the text, and the memory orders let the two take effect in this order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <heddle/check.h>

#define LOCKED 1U
#define SLEEPER 2U

/*
 * Bits of `word`:
 *   0      locked: set exactly while a thread holds the mutex.
 *   1..31  in the repaired twin, how many threads sleep or are about to.
 */
struct shared {
    uint32_t word;     /* atomic */
    uint32_t sleepers; /* atomic; not in the repaired twin */
    int counter;       /* under the mutex */
};

static void sleep_while(uint32_t *word, uint32_t value)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); /* finding */
}

static void wake_one(uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Sets `word` from `expected` to `desired`. */
static bool change(struct shared *shared, uint32_t expected, uint32_t desired)
{
    /* Acquire: pairs with the release of the mutex in unlock() and unlock_at_once(). */
    return __atomic_compare_exchange_n(&shared->word, &expected, desired, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* ---- Two words ------------------------------------------------------------------------------- */

static void lock(struct shared *shared)
{
    while (!change(shared, 0, LOCKED)) {
        (void)__atomic_fetch_add(&shared->sleepers, 1, __ATOMIC_RELAXED);
        sleep_while(&shared->word, LOCKED);
        (void)__atomic_fetch_sub(&shared->sleepers, 1, __ATOMIC_RELAXED);
    }
}

static void unlock(struct shared *shared)
{
    bool has_sleepers = __atomic_load_n(&shared->sleepers, __ATOMIC_RELAXED) > 0;

    /* Release: pairs with the acquire in change(). */
    __atomic_store_n(&shared->word, 0, __ATOMIC_RELEASE);
    if (has_sleepers) {
        wake_one(&shared->word);
    }
}

/* ---- One word -------------------------------------------------------------------------------- */

/* If it was locked, as `word' says, maybe with sleepers. */
static void sleep_in_one_word(struct shared *shared, uint32_t word)
{
    if (change(shared, word, word + SLEEPER)) {
        sleep_while(&shared->word, word + SLEEPER);
        (void)__atomic_fetch_sub(&shared->word, SLEEPER, __ATOMIC_RELAXED);
    }
}

static void lock_with_sleepers(struct shared *shared)
{
    uint32_t word = __atomic_load_n(&shared->word, __ATOMIC_RELAXED);

    while ((word & LOCKED) != 0 || !change(shared, word, word | LOCKED)) {
        if ((word & LOCKED) != 0) {
            sleep_in_one_word(shared, word);
        }
        word = __atomic_load_n(&shared->word, __ATOMIC_RELAXED);
    }
}

static void unlock_at_once(struct shared *shared)
{
    /* Release: pairs with the acquire in change(). */
    if (__atomic_fetch_and(&shared->word, ~LOCKED, __ATOMIC_RELEASE) >= SLEEPER) {
        wake_one(&shared->word);
    }
}

/* ---- Its users ------------------------------------------------------------------------------- */

static void increment(void *state)
{
    struct shared *shared = state;

    lock(shared);
    shared->counter++;
    unlock(shared);
}

static void increment_with_one_word(void *state)
{
    struct shared *shared = state;

    lock_with_sleepers(shared);
    shared->counter++;
    unlock_at_once(shared);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == 2);
}

const struct hd_scenario hd_scenario_self_contained_mutex = {
    .summary = "a mutex whose unlock looks for sleepers before it releases",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .fixed = {increment_with_one_word, increment_with_one_word},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
