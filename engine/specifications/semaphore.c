/*
 * Semaphores: units that are taken and given back; of a bounded one never more than at first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

#define UNITS_MAX UINT32_C(0x7fffffff)

struct state {
    uint64_t units;
    uint64_t units_max;
};

static void init(void *bytes, uint64_t parameter)
{
    struct state *state = bytes;

    state->units = parameter;
    state->units_max = UNITS_MAX;
}

static void init_bounded(void *bytes, uint64_t parameter)
{
    struct state *state = bytes;

    state->units = parameter;
    state->units_max = parameter;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    enum hd_step result;
    bool has_room;

    switch (operation->code) {
    case HD_OP_ACQUIRE:
        result = hde_outcome_of_wait(operation, state->units > 0);
        state->units -= hde_outcome_is_done(operation, result) ? 1 : 0;
        return result;
    case HD_OP_RELEASE:
        has_room = operation->argument <= state->units_max - state->units;
        state->units += has_room ? operation->argument : 0;
        return hde_outcome_of_try(operation, has_room, HD_OVERFLOW);
    case HD_OP_SIZE:
        return hde_outcome_of_look(operation, state->units);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire"},
    [HD_OP_RELEASE] = {.name = "release", .has_argument = true},
    [HD_OP_SIZE] = {.name = "value", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_semaphore = {
    .name = "semaphore",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};

const struct hd_specification hd_specification_bounded_semaphore = {
    .name = "bounded semaphore",
    .state_size = sizeof(struct state),
    .init = init_bounded,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
