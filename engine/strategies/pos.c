/*
 * POS, partial order sampling: a random priority for each pending event.
 *
 * The ready thread whose event has the highest priority steps. Then its next event gets a priority
 * of its own, and so does anew each pending event whose order with the one carried out matters: as
 * if they had met the first time now. So orders of events that do not touch the same object, which
 * make no difference, are not preferred to those that do.
 *
 * Which waiter wakes and data values are drawn uniformly.
 *
 * Guarantee   All orders of n events that touch one object, one of each thread, are equally likely;
 *             each execution has a probability > 0. On two threads that run n independent events
 *             before those that matter, the bound does not fall exponentially with n as a random
 *             walk's does.
 * Misses      What needs one thread to be held up over many steps that touch the same objects: PCT.
 * Source      Yuan, Yang, Gu, Partial order aware concurrency sampling, CAV 2018.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/strategy.h"

/* Drawn priorities are at least this, those of threads that ask others to go first are below it. */
#define FIRST_PRIORITY (UINT64_C(1) << 63)

struct pos {
    struct hde_draw draw;
    uint64_t lowest;             /* given to a thread that asked others to go first; decreases */
    struct hde_set has_priority; /* the threads whose pending event has one */
    uint64_t priorities[HDE_THREADS_MAX]; /* of has_priority */
};

static void begin(void *state, uint64_t seed)
{
    static const struct hde_set nobody;
    struct pos *pos = state;

    hde_draw_begin(&pos->draw, seed);
    pos->has_priority = nobody;
    pos->lowest = FIRST_PRIORITY;
}

static unsigned highest(struct pos *pos, const struct hde_set *threads)
{
    unsigned best = HDE_THREADS_MAX;

    for (unsigned thread = hde_set_first(threads); thread < HDE_THREADS_MAX;
         thread = hde_set_next(threads, thread + 1)) {
        if (!hde_set_has(&pos->has_priority, thread)) {
            pos->priorities[thread] = FIRST_PRIORITY | hde_rng_next(&pos->draw.rng);
            hde_set_add(&pos->has_priority, thread);
        }
        if (best == HDE_THREADS_MAX || pos->priorities[thread] > pos->priorities[best]) {
            best = thread;
        }
    }
    return best;
}

/* `stepping` is about to carry out its event: those that depend on it draw anew. */
static void forget_dependent(struct pos *pos, const struct hde_choice *choice, unsigned stepping)
{
    const struct hde_event *event = &choice->pending[stepping];

    hde_set_remove(&pos->has_priority, stepping);
    for (unsigned thread = hde_set_first(choice->threads); thread < HDE_THREADS_MAX;
         thread = hde_set_next(choice->threads, thread + 1)) {
        if (hde_event_is_dependent(&choice->pending[thread], event)) {
            hde_set_remove(&pos->has_priority, thread);
        }
    }
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct pos *pos = state;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return hde_draw_answer(&pos->draw, choice);
    }
    /* It may have stepped without a choice since. */
    hde_set_remove(&pos->has_priority, choice->thread);
    if (choice->is_yield) {
        hde_set_add(&pos->has_priority, choice->thread);
        pos->priorities[choice->thread] = --pos->lowest;
    }
    unsigned stepping = highest(pos, choice->threads);

    forget_dependent(pos, choice, stepping);
    return stepping;
}

static bool end(void *state)
{
    (void)state;
    return true;
}

const struct hde_strategy hde_strategy_pos = {
    .name = "pos",
    .summary = "a random priority for each pending event",
    .state_size = sizeof(struct pos),
    .begin = begin,
    .choose = choose,
    .end = end,
};
