/*
 * Reentrant lock: held by one thread at a time, as often as it likes; only its owner may release
 * it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint32_t owner; /* thread + 1; 0: nobody */
    uint32_t depth;
};

static enum hd_step release(struct state *state, const struct hd_operation *operation)
{
    bool is_owner = state->owner == operation->thread + 1U;
    enum hd_step result = hde_outcome_of_try(operation, is_owner, HD_NOT_OWNER);

    if (is_owner && --state->depth == 0) {
        state->owner = 0;
    }
    return result;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    uint32_t self = operation->thread + 1U;
    enum hd_step result;

    switch (operation->code) {
    case HD_OP_ACQUIRE:
        result = hde_outcome_of_wait(operation, state->owner == 0 || state->owner == self);
        if (hde_outcome_is_done(operation, result)) {
            state->owner = self;
            state->depth++;
        }
        return result;
    case HD_OP_RELEASE:
        return release(state, operation);
    case HD_OP_IS_LOCKED:
        return hde_outcome_of_look(operation, state->owner != 0);
    case HD_OP_SIZE:
        return hde_outcome_of_look(operation, state->owner == self ? state->depth : 0);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire"},
    [HD_OP_RELEASE] = {.name = "release"},
    [HD_OP_IS_LOCKED] = {.name = "is_locked", .has_value = true, .has_no_outcome = true},
    [HD_OP_SIZE] = {.name = "depth", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_rlock = {
    .name = "reentrant lock",
    .state_size = sizeof(struct state),
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
