/*
 * Register: a number; with keys, an array of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint64_t value;
};

static void init(void *state, uint64_t parameter) { ((struct state *)state)->value = parameter; }

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    uint64_t before = state->value;

    switch (operation->code) {
    case HD_OP_READ:
        return hde_outcome_of_look(operation, before);
    case HD_OP_WRITE:
        state->value = operation->argument;
        return HD_STEP_DONE;
    case HD_OP_EXCHANGE:
        state->value = operation->argument;
        return hde_outcome_of_look(operation, before);
    case HD_OP_ADD:
        state->value += operation->argument;
        return hde_outcome_of_look(operation, before);
    case HD_OP_AWAIT_NEW:
        return hde_outcome_of_wait(operation, before != operation->argument);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_READ] = {.name = "read", .has_key = true, .has_value = true, .has_no_outcome = true},
    [HD_OP_WRITE] = {.name = "write",
                     .has_key = true,
                     .has_argument = true,
                     .has_no_outcome = true},
    [HD_OP_EXCHANGE] = {.name = "exchange",
                        .has_key = true,
                        .has_argument = true,
                        .has_value = true,
                        .has_no_outcome = true},
    [HD_OP_ADD] = {.name = "add",
                   .has_key = true,
                   .has_argument = true,
                   .has_value = true,
                   .has_no_outcome = true},
    [HD_OP_AWAIT_NEW] = {.name = "await_new", .has_key = true, .has_argument = true},
};

const struct hd_specification hd_specification_register = {
    .name = "register",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .is_keyed = true,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
