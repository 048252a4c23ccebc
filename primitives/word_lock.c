/*
 * Word lock: the contended acquire. Look for a while, then sleep.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/word_lock.h"

#include "primitives/spin.h"

/* Look while the holder may be about to finish. Once others sleep, it is the sleepers' turn. */
static bool acquire_by_looking(uint32_t *word)
{
    struct hd_spin spin = HD_SPIN_INITIALIZER;

    do {
        uint32_t value = __atomic_load_n(word, __ATOMIC_RELAXED);

        if (value == HD_WORD_LOCK_CONTENDED) {
            return false;
        }
        if (value == HD_WORD_LOCK_FREE && hd_word_lock_try_acquire(word)) {
            return true;
        }
    } while (hd_spin_again(&spin));
    return false;
}

bool hd_word_lock_acquire_contended(uint32_t *word, uint64_t deadline_ns)
{
    if (acquire_by_looking(word)) {
        return true;
    }
    bool is_in_time = true;

    /* Acquire: pairs with the release in hd_word_lock_release(). */
    while (__atomic_exchange_n(word, HD_WORD_LOCK_CONTENDED, __ATOMIC_ACQUIRE) !=
           HD_WORD_LOCK_FREE) {
        if (!is_in_time) {
            return false;
        }
        is_in_time = hd_futex_wait(word, HD_WORD_LOCK_CONTENDED, deadline_ns);
    }
    return true;
}
