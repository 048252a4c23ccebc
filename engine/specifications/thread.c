/*
 * Thread: is spawned, ends, and is joined by one other thread or detached.
 *
 * A join has two parts: it claims the thread, which others can see, and waits for its end; so has a
 * detach, which lets it go. That the thread ends is an operation of its own that never returns: it
 * happens at some moment after it was recorded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

enum life {
    LIFE_NONE,
    LIFE_RUNS,
    LIFE_OVER,
};

struct state {
    uint32_t life;
    uint16_t is_claimed; /* somebody joins it */
    uint16_t is_gone;    /* joined or detached: the handle is no thread's any more */
};

static enum hd_step claim(struct state *state, const struct hd_operation *operation)
{
    if (state->is_gone == 1 || state->life == LIFE_NONE) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_INVALID);
    }
    if (state->is_claimed == 1) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_BUSY);
    }
    if (operation->outcome == HD_INVALID || operation->outcome == HD_BUSY) {
        return HD_STEP_WRONG;
    }
    state->is_claimed = 1;
    return HD_STEP_PART;
}

static enum hd_step await_end(struct state *state, const struct hd_operation *operation)
{
    enum hd_step result = hde_outcome_of_wait(operation, state->life == LIFE_OVER);

    state->is_claimed = 0;
    state->is_gone = hde_outcome_is_done(operation, result) ? 1 : 0;
    return result;
}

static enum hd_step let_go(struct state *state)
{
    state->is_claimed = 0;
    state->is_gone = 1;
    return HD_STEP_DONE;
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;

    switch (operation->code) {
    case HD_OP_SPAWN:
        state->is_gone = 0;
        state->life = LIFE_RUNS;
        return HD_STEP_DONE;
    case HD_OP_END:
        if (state->life != LIFE_RUNS) {
            return HD_STEP_BLOCKED;
        }
        state->life = LIFE_OVER;
        return HD_STEP_DONE;
    case HD_OP_JOIN:
        return operation->part == 0 ? claim(state, operation) : await_end(state, operation);
    case HD_OP_DETACH:
        return operation->part == 0 ? claim(state, operation) : let_go(state);
    case HD_OP_IS_ALIVE:
        return hde_outcome_of_look(operation, state->life == LIFE_RUNS && state->is_gone == 0);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_SPAWN] = {.name = "spawn"},
    [HD_OP_END] = {.name = "end", .has_no_outcome = true},
    [HD_OP_JOIN] = {.name = "join"},
    [HD_OP_DETACH] = {.name = "detach"},
    [HD_OP_IS_ALIVE] = {.name = "is_alive", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_thread = {
    .name = "thread",
    .state_size = sizeof(struct state),
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
