/*
 * Draw: a random answer to a choice, the same for all strategies that have no better idea.
 *
 * Threads, waiters and values are drawn uniformly. A fault comes once in HDE_FAULT_ODDS times: were
 * it a coin, the few that an execution may have would always be its first ones.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_DRAW_H
#define HEDDLE_ENGINE_DRAW_H

#include "engine/choice.h"
#include "engine/rng.h"

#define HDE_FAULT_ODDS 8U

static inline uint32_t hde_draw(struct hde_rng *rng, const struct hde_choice *choice)
{
    if (choice->kind >= HDE_CHOICE_FIRST_FAULT) {
        return hde_rng_below(rng, HDE_FAULT_ODDS) == 0;
    }
    uint32_t rank = hde_rng_below(rng, choice->count);

    return choice->kind == HDE_CHOICE_VALUE ? rank : hde_set_select(choice->threads, rank);
}

#endif
