/*
 * Points: where in an execution another choice may make a difference. A mutator that knows them
 * need not guess event numbers.
 *
 * Two accesses of one object by different threads, of which one changes it, are a conflict: both
 * are points, and together a pair that may be reversed. Plain accesses count only to memory that
 * was seen in a data race: what is ordered by other events is reversed at those. Points are also
 * the beginning of a thread and its creation. Where no other thread could have stepped instead,
 * there is no point. Choices but those of who steps, and those in which somebody could time out,
 * are answers that may be another.
 *
 * Of what is too much a sample is kept, drawn evenly from all of the execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_POINTS_H
#define HEDDLE_ENGINE_POINTS_H

#include "engine/execution.h"
#include "engine/input.h"

#define HDE_POINTS_MAX 64U
#define HDE_ANSWERS_MAX 32U
#define HDE_PAIRS_MAX 32U

/* A thread about to carry out its event of that number. */
struct hde_moment {
    uint32_t event;
    uint8_t thread;
    bool is_plain; /* of a plain access: a choice only if all accesses are visible */
};

struct hde_point {
    struct hde_moment at;
    uint8_t other; /* the thread with which it was in conflict */
};

/* `after' came after `before', and touches the same object; one of them changes it. */
struct hde_pair {
    struct hde_moment before;
    struct hde_moment after;
};

struct hde_answer {
    struct hde_moment at;
    uint32_t count; /* of alternatives; THREAD: of those that could time out */
    uint8_t choice; /* enum hde_choice_kind */
};

/* The counts are of all that there were: [0, min(count, ..._MAX)) are here. */
struct hde_points {
    uint32_t points_count;
    uint32_t answers_count;
    uint32_t pairs_count;
    uint32_t threads_count;  /* of the execution */
    bool goes_round;         /* a thread did what rounds (round.h) are made of */
    struct hde_set choosing; /* threads that called hd_choose() */
    struct hde_point points[HDE_POINTS_MAX];
    struct hde_answer answers[HDE_ANSWERS_MAX];
    struct hde_pair pairs[HDE_PAIRS_MAX];
};

/* Run the program once with that input, up to where it is cut, and note its points. */
void hde_points_collect(struct hde_points *points,
                        const struct hde_program *program,
                        const struct hde_settings *settings,
                        const struct hde_input *input);

#endif
