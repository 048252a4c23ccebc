/*
 * Explore: the loop, and what is told of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/explore.h"

#include <stddef.h>
#include <stdlib.h>

#include "engine/drive.h"
#include "engine/fatal.h"
#include "engine/rng.h"
#include "engine/seen.h"

volatile sig_atomic_t hde_explore_ticks;

/* The listener may run executions, which overwrite hde_execution: it gets a copy. */
static void
tell(const struct hde_exploration *exploration, struct hde_seen *seen, uint64_t execution)
{
    if (hde_seen_add(seen) && exploration->found != NULL) {
        struct hde_schedule schedule = {0};

        hde_schedule_copy(&schedule, &hde_execution.schedule);
        exploration->found(exploration->listener, execution, &schedule);
        hde_schedule_release(&schedule);
    }
}

static uint64_t seed_of(const struct hde_exploration *exploration, uint64_t execution)
{
    uint64_t seed = exploration->seed;

    return hde_rng_mix_in(hde_rng_mix(&seed), execution);
}

static bool is_told_to_stop(const struct hde_exploration *exploration,
                            const struct hde_tally *tally)
{
    if (hde_explore_ticks == 0 || exploration->listen == NULL) {
        return false;
    }
    hde_explore_ticks = 0;
    return exploration->listen(exploration->listener, tally);
}

static void count_execution(struct hde_tally *tally, uint64_t execution)
{
    tally->executions++;
    tally->last = execution;
    tally->steps += hde_execution.steps;
    tally->cut += hde_execution.end == HDE_END_STEPS;
    tally->given_up += hde_execution.end == HDE_END_GIVEN_UP;
    tally->guilty += hde_execution.findings_count != 0;
    if (hde_execution.findings_count != 0 && tally->executions_to_first == 0) {
        tally->executions_to_first = execution + 1;
    }
}

static void *start_strategy(const struct hde_exploration *exploration)
{
    const struct hde_strategy *strategy = exploration->strategy;
    void *state = calloc(1, strategy->state_size);

    if (state == NULL) {
        hde_fatal_errno("no memory for a strategy");
    }
    if (strategy->start != NULL) {
        strategy->start(state, &exploration->options);
    }
    return state;
}

/* ---- Circles of locks ------------------------------------------------------------------------ */

static bool ended_in_lock_cycle(void)
{
    uint32_t count = hde_execution.findings_count;

    return hde_execution.end == HDE_END_FAILED && count > 0 &&
           hde_execution.findings[count - 1].kind == HD_DEADLOCK &&
           hde_execution.findings[count - 1].class == HDE_CLASS_LOCK_CYCLE;
}

/* One execution into the circle; returns whether it was reached. */
static bool drive_once(const struct hde_exploration *exploration,
                       struct hde_drive *drive,
                       struct hde_seen *seen,
                       struct hde_tally *tally)
{
    uint64_t execution = tally->executions == 0 ? exploration->first : tally->last;

    hde_strategy_drive.begin(drive,
                             hde_rng_mix_in(seed_of(exploration, execution), ~tally->driven));
    hde_execution_run(&exploration->program, &exploration->settings, &hde_strategy_drive, drive);
    tally->driven++;
    tally->steps += hde_execution.steps;

    bool is_reached = ended_in_lock_cycle();

    if (hde_execution.findings_count != 0) {
        if (tally->executions_to_first == 0) {
            tally->executions_to_first = execution + 1 + tally->driven;
        }
        tell(exploration, seen, execution);
    }
    return is_reached;
}

static bool is_over(const struct hde_exploration *exploration, const struct hde_tally *tally)
{
    return tally->executions_to_first != 0 && !exploration->keeps_going;
}

/* All circles that have been seen since it was last called. */
static void
drive_all(const struct hde_exploration *exploration, struct hde_seen *seen, struct hde_tally *tally)
{
    static struct hde_inversion inversion;
    const struct hde_lock_cycle *cycle = NULL;

    while (!is_over(exploration, tally) && (cycle = hde_lock_order_next()) != NULL) {
        struct hde_drive drive = {.cycle = cycle};
        bool is_reached = false;
        uint32_t tries = 0;

        for (; tries < HDE_DRIVE_TRIES && !is_reached && !is_over(exploration, tally); tries++) {
            is_reached = drive_once(exploration, &drive, seen, tally);
        }
        if (!is_reached && tries == HDE_DRIVE_TRIES && exploration->unrealised != NULL) {
            hde_inversion_take(&inversion, cycle, tries);
            exploration->unrealised(exploration->listener, &inversion);
        }
    }
}

/* ---- What else is told ----------------------------------------------------------------------- */

static uint64_t count_states(const struct hde_exploration *exploration, const void *state)
{
    const struct hde_strategy *strategy = exploration->strategy;

    return strategy->states == NULL ? HDE_STATES_UNKNOWN : strategy->states(state);
}

static void sample(const struct hde_exploration *exploration,
                   struct hde_tally *tally,
                   const void *state,
                   uint64_t *next)
{
    if (tally->executions < *next) {
        return;
    }
    *next = hde_growth_next(tally->executions);
    tally->states = count_states(exploration, state);
    if (exploration->sampled != NULL) {
        exploration->sampled(exploration->listener, tally);
    }
}

static void tell_nestings(const struct hde_exploration *exploration)
{
    static struct hde_nesting nesting;
    const struct hde_lock_edge *edge = NULL;

    for (uint32_t i = 0; exploration->nested != NULL && (edge = hde_lock_order_edge(i)) != NULL;
         i++) {
        hde_nesting_take(&nesting, edge);
        exploration->nested(exploration->listener, &nesting);
    }
}

/* ---- The loop -------------------------------------------------------------------------------- */

struct hde_tally hde_explore(const struct hde_exploration *exploration)
{
    const struct hde_strategy *strategy = exploration->strategy;
    uint64_t stride = exploration->stride == 0 ? 1 : exploration->stride;
    struct hde_tally tally = {.states = HDE_STATES_UNKNOWN};
    struct hde_seen seen = {0};
    uint64_t next_sample = hde_growth_next(0);
    void *state = start_strategy(exploration);

    hde_execution_forget_visible();
    hde_lock_order_begin();
    for (uint64_t i = exploration->first; tally.executions < exploration->executions_max;
         i += stride) {
        strategy->begin(state, seed_of(exploration, i));
        hde_execution_run(&exploration->program, &exploration->settings, strategy, state);
        count_execution(&tally, i);

        bool has_more = strategy->end(state);

        if (hde_execution.findings_count != 0) {
            tell(exploration, &seen, i);
        }
        sample(exploration, &tally, state, &next_sample);
        if (!has_more) {
            tally.is_complete = true;
            break;
        }
        if (!strategy->is_exhaustive) {
            drive_all(exploration, &seen, &tally);
        }
        if (is_over(exploration, &tally)) {
            break;
        }
        if (is_told_to_stop(exploration, &tally)) {
            tally.is_stopped = true;
            break;
        }
    }
    drive_all(exploration, &seen, &tally);
    tally.states = count_states(exploration, state);
    tell_nestings(exploration);
    if (strategy->stop != NULL) {
        strategy->stop(state);
    }
    free(state);
    hde_seen_release(&seen);
    return tally;
}
