/*
 * Outcome: what most operations have in common: done if something holds, refused or waiting if not.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SPECIFICATIONS_OUTCOME_H
#define HEDDLE_ENGINE_SPECIFICATIONS_OUTCOME_H

#include <heddle/specification.h>

/* A result that is right or wrong, of an operation that never waits. */
static inline enum hd_step hde_step_if(bool is_right)
{
    return is_right ? HD_STEP_DONE : HD_STEP_WRONG;
}

/*
 * An operation that waits for `guard', or is refused where it does not hold: by any outcome but
 * HD_OK. If it is DONE with HD_OK it takes effect.
 */
static inline enum hd_step hde_outcome_of_wait(const struct hd_operation *operation, bool guard)
{
    if (operation->outcome == HD_OK) {
        return guard ? HD_STEP_DONE : HD_STEP_BLOCKED;
    }
    return hde_step_if(!guard);
}

/* The same of one that never waits, and is refused with `refusal'. */
static inline enum hd_step
hde_outcome_of_try(const struct hd_operation *operation, bool guard, enum hd_result refusal)
{
    if (operation->is_pending) {
        return HD_STEP_DONE;
    }
    return hde_step_if(operation->outcome == (guard ? HD_OK : (int)refusal));
}

/* Whether it took effect. */
static inline bool hde_outcome_is_done(const struct hd_operation *operation, enum hd_step step)
{
    return step == HD_STEP_DONE && operation->outcome == HD_OK;
}

/* An operation that only looks, and saw `value'. */
static inline enum hd_step hde_outcome_of_look(const struct hd_operation *operation, uint64_t value)
{
    return hde_step_if(operation->is_pending || operation->value == value);
}

#endif
