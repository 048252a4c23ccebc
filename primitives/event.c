/*
 * Event: the flag, a note that somebody sleeps, and a generation, in one word.
 *
 * A waiter remembers the generation in which it came and waits until the event is set or the
 * generation is another: so a set that is cleared at once still ends its wait. The set that finds
 * the note wakes all sleepers after its exchange, by address only.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/event.h>

#include "primitives/futex.h"
#include "primitives/spin.h"

#define IS_SET (1U << 0)
#define WAITERS (1U << 1)
#define ONE_GENERATION (1U << 3)
#define GENERATION_MASK (~(ONE_GENERATION - 1))

void hd_event_init(struct hd_event *event) { *event = (struct hd_event)HD_EVENT_INITIALIZER; }

void hd_event_destroy(struct hd_event *event) { (void)event; }

void hd_event_set(struct hd_event *event)
{
    uint32_t word = __atomic_load_n(&event->word, __ATOMIC_RELAXED);
    uint32_t replacement = 0;

    do {
        replacement =
            (word & IS_SET) != 0 ? word : ((word & GENERATION_MASK) + ONE_GENERATION) | IS_SET;
        /* Release: pairs with the acquires in event_word() and hd_event_wait_until(). It is stored
         * even when the event is set, to publish what this thread did before. */
    } while (!__atomic_compare_exchange_n(&event->word, &word, replacement, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    if ((word & WAITERS) != 0) {
        hd_futex_wake(&event->word, HD_FUTEX_ALL);
    }
}

void hd_event_clear(struct hd_event *event)
{
    /* Relaxed, and a read-modify-write: it continues the release sequence of the sets before it. */
    (void)__atomic_fetch_and(&event->word, ~IS_SET, __ATOMIC_RELAXED);
}

bool hd_event_is_set(const struct hd_event *event)
{
    /* Acquire: pairs with the release in hd_event_set(). */
    return (__atomic_load_n(&event->word, __ATOMIC_ACQUIRE) & IS_SET) != 0;
}

/* Whether a wait that began in `generation` is over. */
static bool is_over(uint32_t word, uint32_t generation)
{
    return (word & IS_SET) != 0 || (word & GENERATION_MASK) != generation;
}

static bool is_over_by_looking(const struct hd_event *event, uint32_t generation)
{
    for (uint32_t looks = hd_spin_limit(); looks > 0; looks--) {
        /* Acquire: pairs with the release in hd_event_set(). */
        if (is_over(__atomic_load_n(&event->word, __ATOMIC_ACQUIRE), generation)) {
            return true;
        }
        hd_spin_pause();
    }
    return false;
}

/* Leave the note, unless the wait is over or the note is there; the word as it is then. */
static uint32_t note_waiter(struct hd_event *event, uint32_t generation)
{
    /* Acquire: pairs with the release in hd_event_set(). */
    uint32_t word = __atomic_load_n(&event->word, __ATOMIC_ACQUIRE);

    while (!is_over(word, generation) && (word & WAITERS) == 0) {
        /* Acquire: pairs with the release in hd_event_set(). */
        if (__atomic_compare_exchange_n(&event->word, &word, word | WAITERS, true, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
            return word | WAITERS;
        }
    }
    return word;
}

void hd_event_wait(struct hd_event *event)
{
    (void)(hd_event_wait_until(event, HD_FOREVER) == HD_OK);
}

enum hd_result hd_event_wait_until(struct hd_event *event, uint64_t deadline_ns)
{
    /* Acquire: pairs with the release in hd_event_set(). */
    uint32_t word = __atomic_load_n(&event->word, __ATOMIC_ACQUIRE);
    const uint32_t generation = word & GENERATION_MASK;
    bool is_in_time = true;

    if (is_over(word, generation) || is_over_by_looking(event, generation)) {
        return HD_OK;
    }
    word = note_waiter(event, generation);
    while (!is_over(word, generation)) {
        if (!is_in_time) {
            return HD_TIMEOUT;
        }
        is_in_time = hd_futex_wait(&event->word, word, deadline_ns);
        word = note_waiter(event, generation);
    }
    return HD_OK;
}
