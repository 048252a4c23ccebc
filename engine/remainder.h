/*
 * Remainder: how many events each thread has left, of those that a strategy is interested in.
 *
 * At its birth a thread has left what is expected of its role, and what is expected of those that
 * it is still to create; these take their part with them. Counted in HDE_CENSUS_UNIT.
 *
 *     hde_census_begin(&census, true);
 *     for each role: remainder.expected[role] = of its own;
 *     hde_remainder_begin(&remainder, &census);
 *     at each choice:  hde_remainder_meet(&remainder, &census, choice->threads);
 *     at each step:    hde_remainder_note(&remainder, &census, thread, event, it is one of them);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REMAINDER_H
#define HEDDLE_ENGINE_REMAINDER_H

#include "engine/census.h"
#include "engine/rng.h"

struct hde_remainder {
    uint64_t least;                          /* that is taken of a thread with less left */
    uint32_t known;                          /* threads that have been met */
    uint64_t expected[HDE_CENSUS_ROLES_MAX]; /* by role; with its descendants, once begun */
    uint64_t left[HDE_THREADS_MAX];          /* by thread: [0, known) */
};

/* An execution has begun, and expected[] says what each role makes itself. */
void hde_remainder_begin(struct hde_remainder *remainder, struct hde_census *census);

/* Threads that are there may be new. */
void hde_remainder_meet(struct hde_remainder *remainder,
                        struct hde_census *census,
                        const struct hde_set *threads);

/* `thread' carries `event' out; `is_one': of those that are counted. */
void hde_remainder_note(struct hde_remainder *remainder,
                        struct hde_census *census,
                        unsigned thread,
                        const struct hde_event *event,
                        bool is_one);

/* One of `threads', which have been met; more likely the more it has left. Not empty. */
unsigned hde_remainder_draw(const struct hde_remainder *remainder,
                            struct hde_rng *rng,
                            const struct hde_set *threads);

#endif
