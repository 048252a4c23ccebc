/*
 * Explore: run one program again and again, each time with other choices, until something is found
 * or the budget is spent.
 *
 * Execution number i is seeded with the exploration's seed and i; workers (jobs.h) take every n-th.
 * What a strategy does may also depend on the executions that it made before: the same exploration
 * makes the same executions in any process if it has as many workers.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_EXPLORE_H
#define HEDDLE_ENGINE_EXPLORE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/execution.h"
#include "engine/growth.h"
#include "engine/inversion.h"
#include "engine/nesting.h"

/* What came of it so far. */
struct hde_tally {
    uint64_t executions;
    uint64_t cut;      /* of them: those that reached steps_max */
    uint64_t given_up; /* of them: those that the strategy ended, equivalent to others */
    uint64_t last;     /* number of the last one of them */
    uint64_t guilty;   /* of them: those with a finding, an old one or a new one */
    uint64_t driven; /* executions besides these, into circles of locks (drive.h); none is guilty */
    uint64_t steps;
    uint64_t states;              /* that the strategy counts; HDE_STATES_UNKNOWN */
    uint64_t executions_to_first; /* until the first finding, and including it; 0: none. A driven
                                     one counts as made after that with the same number */
    unsigned lost;                /* workers that died with the rest of their executions (jobs.h) */
    bool is_complete;             /* an exhaustive strategy has made all executions there are */
    bool is_stopped;              /* by `listen', before its bound */
};

struct hde_exploration {
    struct hde_program program;
    struct hde_settings settings;
    const struct hde_strategy *strategy;
    struct hde_strategy_options options;

    uint64_t seed;
    uint64_t executions_max;
    uint64_t first;   /* number of the first execution ... */
    uint64_t stride;  /* ... and how much further the next one is; 0 is taken as 1 */
    bool keeps_going; /* otherwise the execution with the first finding is the last one */

    /*
     * Called after an execution with a finding that is not one of those seen before, which are told
     * apart by their stacks. `execution' is its number; `schedule' leads there again and is the
     * listener's only until it returns. It may run other executions. May be NULL.
     */
    void (*found)(void *listener, uint64_t execution, const struct hde_schedule *schedule);

    /* Called of each circle of locks that driven executions did not reach. May be NULL. */
    void (*unrealised)(void *listener, const struct hde_inversion *inversion);

    /* Called of each lock that was acquired while another was held, at the end. May be NULL. */
    void (*nested)(void *listener, const struct hde_nesting *nesting);

    /* Called after some executions, of which growth.h says which they are. May be NULL. */
    void (*sampled)(void *listener, const struct hde_tally *tally);

    /*
     * Called after the executions at whose end hde_explore_ticks was not 0; returns whether to
     * stop. May be NULL.
     */
    bool (*listen)(void *listener, const struct hde_tally *tally);

    void *listener;
};

/* Set it in a signal handler, and `listen' is called soon. */
extern volatile sig_atomic_t hde_explore_ticks;

/* Explore. Requires hde_execution_start(). Plain accesses that race become visible as it goes. */
struct hde_tally hde_explore(const struct hde_exploration *exploration);

#endif
