/*
 * URW, uniform random walk: threads are drawn by how many events they have left.
 *
 * A random walk that draws threads uniformly comes to orders in which threads alternate much more
 * often than to those in which one is far ahead. Here a thread that has more left is as much more
 * likely to step, so that all orders become equally likely. How many it has left is known from the
 * executions before (census.h): those of its own, and those of the threads it is still to create.
 *
 * Guarantee   Where no thread ever blocks and each makes as many events in every execution, each
 *             interleaving of n1, n2, ... events comes up with the same probability,
 *             n1! n2! ... / (n1 + n2 + ...)!, from the second execution on.
 * Misses      What needs one thread to stay behind for long: among all orders these are few. As
 *             soon as events block or depend on what was read, the counts are guesses.
 * Source      Zhao, Wolff, Mathur, Roychoudhury, Selectively uniform concurrency testing, ASPLOS
 *             2025.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/remainder.h"
#include "engine/strategy.h"

struct urw {
    struct hde_draw draw;
    struct hde_census census;
    struct hde_remainder remainder;
};

static void begin(void *state, uint64_t seed)
{
    struct urw *urw = state;

    hde_draw_begin(&urw->draw, seed);
    hde_census_begin(&urw->census, false);
    for (uint32_t i = 0; i < urw->census.roles_count; i++) {
        urw->remainder.expected[i] = urw->census.roles[i].expected;
    }
    /* Who is there has one event left, whatever was expected. */
    urw->remainder.least = HDE_CENSUS_UNIT;
    hde_remainder_begin(&urw->remainder, &urw->census);
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct urw *urw = state;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return hde_draw_answer(&urw->draw, choice);
    }
    struct hde_set open = hde_draw_open(&urw->draw, choice);

    hde_remainder_meet(&urw->remainder, &urw->census, choice->threads);
    if (choice->is_yield && hde_set_count(&open) > 1) {
        hde_set_remove(&open, choice->thread);
    }
    return hde_remainder_draw(&urw->remainder, &urw->draw.rng, &open);
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct urw *urw = state;

    hde_remainder_note(&urw->remainder, &urw->census, thread, event, true);
}

static bool end(void *state)
{
    (void)state;
    return true;
}

const struct hde_strategy hde_strategy_urw = {
    .name = "urw",
    .summary = "draws threads by how many events they have left",
    .state_size = sizeof(struct urw),
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .end = end,
};
