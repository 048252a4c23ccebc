/*
 * Reader-writer lock: many readers or one writer; a reader may have to wait behind a writer that
 * waits.
 *
 * Others can see that a writer waits, so its acquire has two parts: it queues, and it gets the
 * lock. Who gave up in between had to queue, since the lock was not free.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

struct state {
    uint32_t readers;
    uint16_t writer; /* thread + 1; 0: nobody */
    uint16_t queued; /* writers that wait */
};

static void init(void *state, uint64_t parameter)
{
    ((struct state *)state)->readers = (uint32_t)parameter;
}

static bool is_free(const struct state *state) { return state->writer == 0 && state->readers == 0; }

static enum hd_step acquire(struct state *state, const struct hd_operation *operation)
{
    uint16_t self = (uint16_t)(operation->thread + 1U);

    if (operation->outcome == HD_WOULD_DEADLOCK) {
        return hde_step_if(state->writer == self);
    }
    if (operation->outcome == HD_BUSY) {
        return hde_step_if(!is_free(state));
    }
    if (operation->part == 0) {
        state->queued++;
        return operation->outcome == HD_OK || !is_free(state) ? HD_STEP_PART : HD_STEP_WRONG;
    }
    state->queued--;
    if (operation->outcome != HD_OK) {
        return HD_STEP_DONE;
    }
    if (!is_free(state)) {
        return HD_STEP_BLOCKED;
    }
    state->writer = self;
    return HD_STEP_DONE;
}

static enum hd_step acquire_shared(struct state *state, const struct hd_operation *operation)
{
    if (operation->outcome == HD_WOULD_DEADLOCK) {
        return hde_step_if(state->writer == operation->thread + 1U);
    }
    enum hd_step result = hde_outcome_of_wait(operation, state->writer == 0 && state->queued == 0);

    state->readers += hde_outcome_is_done(operation, result) ? 1 : 0;
    return result;
}

static enum hd_step release(struct state *state, const struct hd_operation *operation)
{
    bool is_writer = state->writer == operation->thread + 1U;

    if (is_writer) {
        state->writer = 0;
    }
    return hde_outcome_of_try(operation, is_writer, HD_NOT_OWNER);
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;
    bool has_readers = state->readers > 0;

    switch (operation->code) {
    case HD_OP_ACQUIRE:
        return acquire(state, operation);
    case HD_OP_ACQUIRE_SHARED:
        return acquire_shared(state, operation);
    case HD_OP_RELEASE:
        return release(state, operation);
    case HD_OP_RELEASE_SHARED:
        state->readers -= has_readers ? 1 : 0;
        return hde_outcome_of_try(operation, has_readers, HD_NOT_OWNER);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire_exclusive"},
    [HD_OP_RELEASE] = {.name = "release_exclusive"},
    [HD_OP_ACQUIRE_SHARED] = {.name = "acquire_shared"},
    [HD_OP_RELEASE_SHARED] = {.name = "release_shared"},
};

const struct hd_specification hd_specification_rwlock = {
    .name = "reader-writer lock",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
