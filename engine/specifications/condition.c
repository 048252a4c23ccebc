/*
 * Condition, with its lock: a wait gives the lock up, is notified, and has the lock again.
 *
 * A wait has two parts: the thread gives up the lock and joins the others that wait, as one; and it
 * gets the lock. Whoever began to wait first is notified first, and no wait ends for nothing:
 * stricter than pthread_cond_t, as Heddle's condition is. A wait times out only if nobody has
 * notified it when it gets the lock.
 *
 * The lock may be held several times over; a wait gives it up as a whole.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

#define WAITING_MAX 24U

struct waiting {
    uint16_t thread; /* + 1 */
    uint16_t depth;
};

struct state {
    uint32_t owner; /* thread + 1; 0: nobody */
    uint32_t depth;
    uint32_t waiting_count;
    uint32_t notified_count;
    struct waiting waiting[WAITING_MAX];  /* in the order in which they began */
    struct waiting notified[WAITING_MAX]; /* sorted by thread: their order does not matter */
};

/* Take an entry out, and leave zeros where none is. */
static void take(struct waiting *list, uint32_t *count, uint32_t rank)
{
    for (uint32_t i = rank + 1; i < *count; i++) {
        list[i - 1] = list[i];
    }
    list[--*count] = (struct waiting){.thread = 0};
}

/* The rank of a thread; `count' if it is not there. */
static uint32_t find(const struct waiting *list, uint32_t count, uint32_t thread)
{
    uint32_t rank = 0;

    while (rank < count && list[rank].thread != thread) {
        rank++;
    }
    return rank;
}

static void notify_first(struct state *state)
{
    uint32_t rank = state->notified_count++;

    for (; rank > 0 && state->notified[rank - 1].thread > state->waiting[0].thread; rank--) {
        state->notified[rank] = state->notified[rank - 1];
    }
    state->notified[rank] = state->waiting[0];
    take(state->waiting, &state->waiting_count, 0);
}

static enum hd_step
notify(struct state *state, const struct hd_operation *operation, uint64_t count)
{
    bool is_owner = state->owner == operation->thread + 1U;

    for (; is_owner && count > 0 && state->waiting_count > 0; count--) {
        notify_first(state);
    }
    return hde_outcome_of_try(operation, is_owner, HD_NOT_OWNER);
}

static enum hd_step begin_wait(struct state *state, const struct hd_operation *operation)
{
    if (state->owner != operation->thread + 1U) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_NOT_OWNER);
    }
    if (operation->outcome == HD_NOT_OWNER) {
        return HD_STEP_WRONG;
    }
    if (state->waiting_count == WAITING_MAX || state->notified_count == WAITING_MAX) {
        return HD_STEP_NO_ROOM;
    }
    state->waiting[state->waiting_count++] = (struct waiting){
        .thread = (uint16_t)state->owner,
        .depth = (uint16_t)state->depth,
    };
    state->owner = 0;
    state->depth = 0;
    return HD_STEP_PART;
}

static enum hd_step end_wait(struct state *state, const struct hd_operation *operation)
{
    uint32_t self = operation->thread + 1U;
    bool has_timed_out = operation->outcome == HD_TIMEOUT;
    struct waiting *list = has_timed_out ? state->waiting : state->notified;
    uint32_t *count = has_timed_out ? &state->waiting_count : &state->notified_count;
    uint32_t rank = find(list, *count, self);

    if (rank == *count || state->owner != 0) {
        return HD_STEP_BLOCKED;
    }
    state->owner = self;
    state->depth = list[rank].depth;
    take(list, count, rank);
    return HD_STEP_DONE;
}

static enum hd_step acquire(struct state *state, const struct hd_operation *operation)
{
    uint32_t self = operation->thread + 1U;
    enum hd_step result = hde_outcome_of_wait(operation, state->owner == 0 || state->owner == self);

    if (hde_outcome_is_done(operation, result)) {
        state->owner = self;
        state->depth++;
    }
    return result;
}

static enum hd_step release(struct state *state, const struct hd_operation *operation)
{
    bool is_owner = state->owner == operation->thread + 1U;

    if (is_owner && --state->depth == 0) {
        state->owner = 0;
    }
    return hde_outcome_of_try(operation, is_owner, HD_NOT_OWNER);
}

static enum hd_step step(void *bytes, const struct hd_operation *operation)
{
    struct state *state = bytes;

    switch (operation->code) {
    case HD_OP_ACQUIRE:
        return acquire(state, operation);
    case HD_OP_RELEASE:
        return release(state, operation);
    case HD_OP_WAIT:
        return operation->part == 0 ? begin_wait(state, operation) : end_wait(state, operation);
    case HD_OP_NOTIFY:
        return notify(state, operation, operation->argument);
    case HD_OP_NOTIFY_ALL:
        return notify(state, operation, WAITING_MAX);
    case HD_OP_SIZE:
        return hde_outcome_of_look(operation, state->depth);
    default:
        return HD_STEP_WRONG;
    }
}

static const struct hd_operation_name names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire"},
    [HD_OP_RELEASE] = {.name = "release"},
    [HD_OP_WAIT] = {.name = "wait"},
    [HD_OP_NOTIFY] = {.name = "notify", .has_argument = true},
    [HD_OP_NOTIFY_ALL] = {.name = "notify_all"},
    [HD_OP_SIZE] = {.name = "depth", .has_value = true, .has_no_outcome = true},
};

const struct hd_specification hd_specification_condition = {
    .name = "condition",
    .state_size = sizeof(struct state),
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};
