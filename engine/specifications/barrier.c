/*
 * Barrier: all parties wait until the last of them has come; an abort, a reset or a time-out ends
 * the round for all.
 *
 * A wait has two parts: the thread comes, which others can see, and leaves. The last one to come
 * only comes: it lets the others leave.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

#define WORDS 4U /* bits by thread, which are fewer than 256 */

struct threads {
    uint64_t words[WORDS];
};

struct state {
    uint64_t parties;
    uint64_t count; /* of `waiting' */
    uint64_t is_broken;
    struct threads waiting; /* in this round */
    struct threads passed;  /* may leave */
    struct threads refused; /* must leave: their round was broken */
};

static void init(void *state, uint64_t parameter) { ((struct state *)state)->parties = parameter; }

/* Take a thread out; returns whether it was there. */
static bool take(struct threads *threads, unsigned thread)
{
    uint64_t bit = UINT64_C(1) << thread % 64;
    bool was_there = (threads->words[thread / 64] & bit) != 0;

    threads->words[thread / 64] &= ~bit;
    return was_there;
}

static void add(struct threads *threads, unsigned thread)
{
    threads->words[thread / 64] |= UINT64_C(1) << thread % 64;
}

/* The round is over: all who wait go to `to'. */
static void end_round(struct state *state, struct threads *to)
{
    for (unsigned i = 0; i < WORDS; i++) {
        to->words[i] |= state->waiting.words[i];
        state->waiting.words[i] = 0;
    }
    state->count = 0;
}

static enum hd_step come(struct state *state, const struct hd_operation *operation)
{
    bool knows_place = operation->value != HD_VALUE_UNKNOWN;

    if (state->is_broken == 1) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_BROKEN);
    }
    if (operation->outcome == HD_OK && knows_place && operation->value != state->count) {
        return HD_STEP_WRONG;
    }
    state->count++;
    if (state->count == state->parties) {
        end_round(state, &state->passed);
        return hde_step_if(operation->outcome == HD_OK);
    }
    add(&state->waiting, operation->thread);
    return HD_STEP_PART;
}

static enum hd_step leave(struct state *state, const struct hd_operation *operation)
{
    if (take(&state->passed, operation->thread)) {
        return hde_step_if(operation->outcome == HD_OK);
    }
    if (take(&state->refused, operation->thread)) {
        /* Its own deadline may have passed, too. */
        return hde_step_if(operation->is_pending || operation->outcome == HD_BROKEN ||
                           operation->outcome == HD_TIMEOUT);
    }
    if (operation->outcome != HD_TIMEOUT) {
        return HD_STEP_BLOCKED;
    }
    (void)take(&state->waiting, operation->thread);
    end_round(state, &state->refused);
    state->is_broken = 1;
    return HD_STEP_DONE;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;

    switch (operation->code) {
    case HD_OP_WAIT:
        return operation->part == 0 ? come(state, operation) : leave(state, operation);
    case HD_OP_ABORT:
    case HD_OP_RESET:
        end_round(state, &state->refused);
        state->is_broken = operation->code == HD_OP_ABORT ? 1 : 0;
        return HD_STEP_DONE;
    case HD_OP_IS_BROKEN:
        return hde_outcome_of_look(operation, state->is_broken);
    case HD_OP_SIZE:
        return hde_outcome_of_look(operation, state->count);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_WAIT] = {.name = "wait", .has_value = true},
    [HD_OP_ABORT] = {.name = "abort", .has_no_outcome = true},
    [HD_OP_RESET] = {.name = "reset", .has_no_outcome = true},
    [HD_OP_IS_BROKEN] = {.name = "is_broken", .has_value = true, .has_no_outcome = true},
    [HD_OP_SIZE] = {.name = "waiting", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_barrier = {
    .name = "barrier",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
