/*
 * Step: how the turn passes from one thread to the next. Between the files of the execution only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_STEP_H
#define HEDDLE_ENGINE_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#include "engine/execution.h"

/* A loop that gives up after n equal turns is no livelock for n < 2 x this. */
#define HDE_SPIN_ROUNDS_MAX 2000U

/*
 * The running thread has announced its event, and the sets say who can step: let the strategy
 * choose, and return when it is the caller's turn. `is_yield`: others should go first.
 */
void hde_step_next(bool is_yield);

/* Show the pending event of the running thread; `is_visible': it was a scheduling point. */
void hde_step_observe(bool is_visible);

/* The pending event of the running thread is about to be carried out. */
static inline void hde_step_carry_out(void)
{
    if (__builtin_expect(hde_execution.is_observed, 0)) {
        hde_step_observe(true);
    }
}

/*
 * While a step is observed: whether another thread, that made the step before it, has been left
 * though it was able to go on.
 */
static inline bool hde_step_could_go_on(unsigned left)
{
    return hde_set_has(&hde_execution.ready, left) &&
           hde_execution.pending[left].kind != HDE_EVENT_YIELD;
}

/* Note `event` as what the running thread is about to do, under a number of its own. */
static inline void hde_step_announce(const struct hde_event *event)
{
    struct hde_thread *self = hde_self;

    self->events++;
    self->syncs++;
    hde_event_copy(&hde_execution.pending[self->id], event);
}

/* hde_step() and hde_pass() for an event that has been announced: it need not lie in memory. */
static inline void hde_step_always(bool is_yield)
{
    hde_thread_set_quiet(hde_self);
    hde_step_next(is_yield);
    hde_step_carry_out();
}

/* The running thread, which has announced its event, begins to wait for `object`, and ends it. */
static inline void hde_step_begin_wait(struct hde_object *object, uint64_t deadline_ns)
{
    struct hde_thread *self = hde_self;

    hde_thread_set_quiet(self);
    self->waits_for = object;
    self->deadline_ns = deadline_ns;
    self->has_timed_out = false;
    if (deadline_ns != HDE_FOREVER) {
        hde_execution.has_deadlines = true;
        hde_set_add(&hde_execution.with_deadline, self->id);
    }
}

static inline void hde_step_end_wait(void)
{
    struct hde_thread *self = hde_self;

    if (self->deadline_ns != HDE_FOREVER) {
        hde_set_remove(&hde_execution.with_deadline, self->id);
    }
    self->waits_for = NULL;
}

/* The running thread cannot step, except by timing out if it has a deadline. */
void hde_step_block(void);

static inline bool hde_step_pass(struct hde_object *object, uint64_t deadline_ns)
{
    struct hde_thread *self = hde_self;

    hde_step_begin_wait(object, deadline_ns);
    hde_set_add(&object->at_gate, self->id);
    if (!object->is_open) {
        hde_step_block();
    }
    hde_step_next(false);
    hde_set_remove(&object->at_gate, self->id);
    hde_step_end_wait();
    hde_step_carry_out();
    return !self->has_timed_out;
}

/*
 * `thread`, which is not the running one, can step at once if it waits: its wait ends as if by a
 * deadline. Returns whether it was waiting.
 */
bool hde_step_interrupt(struct hde_thread *thread);

/* Put a choice to the strategy and log it if it is not the normal one. Requires 2 <= count. */
uint32_t hde_step_choose(struct hde_choice *choice);

/* The running thread spins: let the others go first. Not a step by itself. */
void hde_step_spin(void);

/* The step at which the alarm comes at the latest (hde_execution.steps_alarm). */
uint64_t hde_step_last_alarm(void);

/* Run `thread` for the first time up to its first event, then come back. */
void hde_step_prime(struct hde_thread *thread);

/* Leave the execution; it does not go on. */
noreturn void hde_step_leave(void);

/* Enter the execution on thread 0 and return when it is left. */
void hde_step_enter(void);

#endif
