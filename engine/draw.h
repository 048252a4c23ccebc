/*
 * Draw: random answers to choices, the same for all strategies that have no better idea.
 *
 * Threads, waiters and values are drawn uniformly. An execution may have few faults, and few waits
 * that time out while others could step: were each a coin, these would always be the first ones of
 * it. So they come once in `odds' times, and the odds are drawn for each execution, from 1 to 128
 * by powers of 2: among n occasions, the one that matters comes up with a probability that falls
 * like 1 / n, and not exponentially, for n up to some hundreds.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_DRAW_H
#define HEDDLE_ENGINE_DRAW_H

#include "engine/choice.h"
#include "engine/rng.h"

struct hde_draw {
    struct hde_rng rng; /* of this execution */
    uint32_t odds;      /* of this execution */
};

static inline void hde_draw_begin(struct hde_draw *draw, uint64_t seed)
{
    uint64_t other = ~seed;

    hde_rng_seed(&draw->rng, seed);
    draw->odds = 1U << (hde_rng_mix(&other) >> 61);
}

/* Once in the odds. */
static inline bool hde_draw_is_odd(struct hde_draw *draw)
{
    return hde_rng_below(&draw->rng, draw->odds) == 0;
}

/* Those of a THREAD's alternatives that would time out of a wait, and not of a sleep. */
static inline struct hde_set hde_draw_waits(const struct hde_choice *choice)
{
    struct hde_set waits = *choice->timed;

    for (unsigned thread = hde_set_first(&waits); thread < HDE_THREADS_MAX;
         thread = hde_set_next(&waits, thread + 1)) {
        if (choice->pending[thread].kind == HDE_EVENT_SLEEP) {
            hde_set_remove(&waits, thread);
        }
    }
    return waits;
}

/* The alternatives of a THREAD, most of the time without waits that would time out. Not empty. */
static inline struct hde_set hde_draw_open(struct hde_draw *draw, const struct hde_choice *choice)
{
    if (__builtin_expect(hde_set_is_empty(choice->timed), 1) || hde_draw_is_odd(draw)) {
        return *choice->threads;
    }
    struct hde_set waits = hde_draw_waits(choice);
    struct hde_set open = hde_set_minus(choice->threads, &waits);

    return hde_set_is_empty(&open) ? *choice->threads : open;
}

/* One of the set, which is not empty. */
static inline unsigned hde_draw_thread(struct hde_draw *draw, const struct hde_set *threads)
{
    return hde_set_select(threads, hde_rng_below(&draw->rng, hde_set_count(threads)));
}

/* Any choice. */
static inline uint32_t hde_draw_answer(struct hde_draw *draw, const struct hde_choice *choice)
{
    if (choice->kind >= HDE_CHOICE_FIRST_FAULT) {
        return hde_draw_is_odd(draw);
    }
    if (__builtin_expect(!hde_set_is_empty(choice->timed), 0)) {
        struct hde_set open = hde_draw_open(draw, choice);

        return hde_draw_thread(draw, &open);
    }
    uint32_t rank = hde_rng_below(&draw->rng, choice->count);

    return choice->kind == HDE_CHOICE_VALUE ? rank : hde_set_select(choice->threads, rank);
}

#endif
