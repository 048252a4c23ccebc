/*
 * Event: a flag that can be waited for.
 *
 * A wait takes effect at any moment between its call and its return at which the flag is set, even
 * if it is cleared before the return.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint64_t is_set;
};

static void init(void *state, uint64_t parameter)
{
    ((struct state *)state)->is_set = parameter == 0 ? 0 : 1;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;

    switch (operation->code) {
    case HD_OP_SET:
        state->is_set = 1;
        return HD_STEP_DONE;
    case HD_OP_CLEAR:
        state->is_set = 0;
        return HD_STEP_DONE;
    case HD_OP_WAIT:
        return hde_outcome_of_wait(operation, state->is_set == 1);
    case HD_OP_IS_SET:
        return hde_outcome_of_look(operation, state->is_set);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_SET] = {.name = "set", .has_no_outcome = true},
    [HD_OP_CLEAR] = {.name = "clear", .has_no_outcome = true},
    [HD_OP_WAIT] = {.name = "wait"},
    [HD_OP_IS_SET] = {.name = "is_set", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_event = {
    .name = "event",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
