/*
 * Cancellation points, for hooks of calls that are some.
 *
 * A call that waits brackets its wait, and acts once it has left things as they must be:
 *
 *     if (!gate->is_open) {
 *         hde_cancel_point(pc);              it would have to wait: act if cancelled already
 *     }
 *     hde_cancel_begin_wait();
 *     bool has_passed = hde_pass(gate, &event, deadline_ns);
 *     if (hde_cancel_end_wait()) {
 *         clean up; hde_cancel_act(pc);      the wait was cancelled
 *     }
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_CANCEL_H
#define HEDDLE_ENGINE_HOOKS_CANCEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

/* Whether the running thread was cancelled, and is to act on it at its next cancellation point. */
bool hde_cancel_is_due(void);

/* Act on it: clean up and end. `pc` is the place of the cancellation point. */
noreturn void hde_cancel_act(uint32_t pc);

/* Act on it if it is due. No event if not. */
static inline void hde_cancel_point(uint32_t pc)
{
    if (hde_cancel_is_due()) {
        hde_cancel_act(pc);
    }
}

/* The running thread's next wait is one that a cancellation ends as if by a deadline. */
void hde_cancel_begin_wait(void);

/* That wait is over. Returns whether a cancellation ended it. */
bool hde_cancel_end_wait(void);

/* The running thread ends with `result`: run its clean-up handlers and destructors. */
noreturn void hde_cancel_exit(void *result);

#endif
