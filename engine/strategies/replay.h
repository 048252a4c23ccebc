/*
 * State of the strategy `replay', for engine/replay.c: what became of the schedule.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_STRATEGIES_REPLAY_H
#define HEDDLE_ENGINE_STRATEGIES_REPLAY_H

#include "engine/strategy.h"

struct hde_replay {
    const struct hde_schedule *schedule;
    bool is_strict; /* stop following it where it cannot be followed; set after start */

    /* Of this execution. */
    uint32_t *followers; /* by entry: the next one of the same thread; the count: none */
    size_t followers_capacity;
    uint32_t next[HDE_THREADS_MAX]; /* by thread: the first entry that is still to come */

    bool has_diverged;      /* strict: the entry could not be followed */
    uint32_t entry;         /* which one */
    struct hde_event found; /* what its thread was about to do instead; kind NONE: never there */
    uint32_t found_event;   /* and the number of that event */
};

extern const struct hde_strategy hde_strategy_replay;

#endif
