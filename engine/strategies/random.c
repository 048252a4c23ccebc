/*
 * Random walk: each choice is drawn uniformly from its alternatives.
 *
 * Needs to know nothing of the program, and is the yardstick that others are measured by. Only
 * faults, and waits that time out while others could step, are drawn more seldom (draw.h).
 *
 * Guarantee   An execution in which the choices have n1, n2, ... alternatives comes up with
 *             probability 1 / (n1 n2 ...): none is left out, and which those are does not depend on
 *             what came before. With faults or time-outs that probability is another, and not 0.
 * Misses      What needs one thread to fall far behind or run far ahead: an order of two threads of
 *             n steps each in which one goes first all the way has the probability 2^-n.
 * Source      Thomson, Donaldson, Betts, Concurrency testing using schedule bounding, PPoPP 2014.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/strategy.h"

struct random_walk {
    struct hde_draw draw;
};

static void begin(void *state, uint64_t seed)
{
    struct random_walk *walk = state;

    hde_draw_begin(&walk->draw, seed);
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct random_walk *walk = state;

    return hde_draw_answer(&walk->draw, choice);
}

static bool end(void *state)
{
    (void)state;
    return true;
}

const struct hde_strategy hde_strategy_random = {
    .name = "random",
    .summary = "draws each choice uniformly",
    .state_size = sizeof(struct random_walk),
    .begin = begin,
    .choose = choose,
    .end = end,
};
