/*
 * POS as a part of other strategies.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_STRATEGIES_POS_H
#define HEDDLE_ENGINE_STRATEGIES_POS_H

#include "engine/draw.h"

struct hde_pos {
    struct hde_draw draw;
    uint64_t lowest;             /* given to a thread that asked others to go first; decreases */
    struct hde_set has_priority; /* the threads whose pending event has one */
    uint64_t priorities[HDE_THREADS_MAX]; /* of has_priority */
};

void hde_pos_begin(struct hde_pos *pos, uint64_t seed);

/* Answer a choice; a THREAD is one of `among', which is not empty. */
uint32_t
hde_pos_choose(struct hde_pos *pos, const struct hde_choice *choice, const struct hde_set *among);

#endif
