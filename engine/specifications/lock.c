/*
 * Lock: held by one at a time; anybody may release it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint64_t is_held;
};

static void init(void *state, uint64_t parameter)
{
    ((struct state *)state)->is_held = parameter == 0 ? 0 : 1;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    enum hd_step result;

    switch (operation->code) {
    case HD_OP_ACQUIRE:
        result = hde_outcome_of_wait(operation, state->is_held == 0);
        state->is_held = 1; /* it was, or is now */
        return result;
    case HD_OP_RELEASE:
        result = hde_outcome_of_try(operation, state->is_held == 1, HD_NOT_OWNER);
        state->is_held = 0;
        return result;
    case HD_OP_IS_LOCKED:
        return hde_outcome_of_look(operation, state->is_held);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire"},
    [HD_OP_RELEASE] = {.name = "release"},
    [HD_OP_IS_LOCKED] = {.name = "is_locked", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_lock = {
    .name = "lock",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
