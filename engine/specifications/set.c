/*
 * Set: each key is in it or not, and has nothing to do with the others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint64_t is_there;
};

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    uint64_t was_there = state->is_there;

    switch (operation->code) {
    case HD_OP_INSERT:
        state->is_there = 1;
        return hde_outcome_of_look(operation, 1 - was_there);
    case HD_OP_REMOVE:
        state->is_there = 0;
        return hde_outcome_of_look(operation, was_there);
    case HD_OP_CONTAINS:
        return hde_outcome_of_look(operation, was_there);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_INSERT] = {.name = "insert", .has_key = true, .has_value = true, .has_no_outcome = true},
    [HD_OP_REMOVE] = {.name = "remove", .has_key = true, .has_value = true, .has_no_outcome = true},
    [HD_OP_CONTAINS] = {.name = "contains",
                        .has_key = true,
                        .has_value = true,
                        .has_no_outcome = true},
};

const struct hd_specification hd_specification_set = {
    .name = "set",
    .state_size = sizeof(struct state),
    .step = step,
    .is_keyed = true,
    .monitor = HD_MONITOR_SET,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
