/*
 * Word lock: the futex mutex inside lock, rlock, rwlock, barrier and the queues.
 *
 * The word is 0 (free), 1 (locked) or 3 (locked, and a thread may sleep). A locker that has to
 * sleep sets 3 and sleeps on it; the release that replaces 3 by 0 wakes one sleeper, which sets 3
 * again as it takes the lock, because it cannot know whether it was the last.
 *
 * Invariant: while a thread sleeps on the word and no release has chosen it, the word is 3, or a
 * thread is awake that will set it to 3 or wake the sleeper.
 *
 * Source: Drepper, "Futexes Are Tricky", 2011, mutex 3.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_WORD_LOCK_H
#define HEDDLE_PRIMITIVES_WORD_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/clock.h>

#include "primitives/futex.h"

#define HD_WORD_LOCK_FREE 0U
#define HD_WORD_LOCK_LOCKED 1U
#define HD_WORD_LOCK_CONTENDED 3U

/* Take the lock that was just seen taken; false if `deadline_ns` came first. */
bool hd_word_lock_acquire_contended(uint32_t *word, uint64_t deadline_ns);

/* Take the lock if it is free. */
/* NOLINTNEXTLINE(readability-non-const-parameter): it does not see that a builtin writes. */
static inline bool hd_word_lock_try_acquire(uint32_t *word)
{
    uint32_t expected = HD_WORD_LOCK_FREE;

    /* Acquire: pairs with the release in hd_word_lock_release(). */
    return __atomic_compare_exchange_n(word, &expected, HD_WORD_LOCK_LOCKED, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Take the lock, waiting until `deadline_ns`; false if that came first. */
static inline bool hd_word_lock_acquire_until(uint32_t *word, uint64_t deadline_ns)
{
    return hd_word_lock_try_acquire(word) || hd_word_lock_acquire_contended(word, deadline_ns);
}

/* Take the lock, waiting for it as long as it takes. */
static inline void hd_word_lock_acquire(uint32_t *word)
{
    (void)hd_word_lock_acquire_until(word, HD_FOREVER);
}

/*
 * Free the lock; false if it was free. The word may belong to somebody else as soon as it is free:
 * after the exchange only its address is used.
 */
static inline bool hd_word_lock_release(uint32_t *word)
{
    /* Release: pairs with the acquire in hd_word_lock_try_acquire() and ..._contended(). */
    uint32_t before = __atomic_exchange_n(word, HD_WORD_LOCK_FREE, __ATOMIC_RELEASE);

    if (before == HD_WORD_LOCK_CONTENDED) {
        hd_futex_wake(word, 1);
    }
    return before != HD_WORD_LOCK_FREE;
}

static inline bool hd_word_lock_is_locked(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED) != HD_WORD_LOCK_FREE;
}

#endif
