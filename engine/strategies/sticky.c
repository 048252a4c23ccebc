/*
 * Sticky random walk: the running thread goes on, unless a drawn moment to switch has come.
 *
 * At each choice between threads the one that runs is left with probability 1 / odds, and then the
 * next one is drawn uniformly from the others; where it cannot go on, or asks that others go first,
 * the next one is drawn at once. The odds are drawn for each execution, from 2 to 1024 by powers of
 * 2: whatever the length of an execution is, some have as few preemptions as a bug needs, and
 * unlike PCT's they do not leave anybody behind for ever after.
 *
 * Guarantee   An execution of k choices between threads with p preemptions, of n threads at most,
 *             comes up with probability >= (1 - 1/s)^k / (s n)^p / 10, where s is the power of 2
 *             that is nearest to k / p, if that is at most 1024; the choice of who goes on where
 *             the running thread cannot comes on top.
 * Misses      Long orders that alternate at each step, which a random walk finds as easily as any.
 * Source      A geometric law for PCT's moments: Burckhardt, Kothari, Musuvathi, Nagarakatte,
 *             A randomized scheduler with probabilistic guarantees of finding bugs, ASPLOS 2010.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/strategy.h"

#define ODDS_POWERS 10U /* the greatest of them */

struct sticky {
    struct hde_draw draw;
    uint32_t odds; /* of a preemption, in this execution */
};

static void begin(void *state, uint64_t seed)
{
    struct sticky *sticky = state;

    hde_draw_begin(&sticky->draw, seed);
    sticky->odds = 2U << hde_rng_below(&sticky->draw.rng, ODDS_POWERS);
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct sticky *sticky = state;
    unsigned running = choice->thread;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return hde_draw_answer(&sticky->draw, choice);
    }
    struct hde_set open = hde_draw_open(&sticky->draw, choice);

    if (!hde_set_has(&open, running) || hde_set_has(choice->timed, running)) {
        return hde_draw_thread(&sticky->draw, &open);
    }
    if (!choice->is_yield && hde_rng_below(&sticky->draw.rng, sticky->odds) != 0) {
        return running;
    }
    hde_set_remove(&open, running);
    return hde_set_is_empty(&open) ? running : hde_draw_thread(&sticky->draw, &open);
}

static bool end(void *state)
{
    (void)state;
    return true;
}

const struct hde_strategy hde_strategy_sticky = {
    .name = "sticky",
    .summary = "a random walk in which the running thread goes on most of the time",
    .state_size = sizeof(struct sticky),
    .begin = begin,
    .choose = choose,
    .end = end,
};
