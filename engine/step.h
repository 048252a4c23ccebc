/*
 * Step: how the turn passes from one thread to the next. Between the files of the execution only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_STEP_H
#define HEDDLE_ENGINE_STEP_H

#include <stdbool.h>
#include <stdnoreturn.h>

#include "engine/execution.h"

/*
 * The running thread has announced its event, and the sets say who can step: let the strategy
 * choose, and return when it is the caller's turn. `is_yield`: others should go first.
 */
void hde_step_next(bool is_yield);

/* The event of the running thread is about to be carried out. */
static inline void hde_step_carry_out(const struct hde_event *event)
{
    if (__builtin_expect(hde_execution.settings->observe != NULL, 0)) {
        hde_execution.settings->observe(hde_self, event);
    }
}

/* Note `event` as what the running thread is about to do, under a number of its own. */
static inline void hde_step_announce(const struct hde_event *event)
{
    struct hde_thread *self = hde_self;

    self->events++;
    hde_event_copy(&hde_execution.pending[self->id], event);
}

/* Put a choice to the strategy and log it if it is not the normal one. Requires 2 <= count. */
uint32_t hde_step_choose(struct hde_choice *choice);

/* Run `thread` for the first time up to its first event, then come back. */
void hde_step_prime(struct hde_thread *thread);

/* Leave the execution; it does not go on. */
noreturn void hde_step_leave(void);

/* Enter the execution on thread 0 and return when it is left. */
void hde_step_enter(void);

#endif
