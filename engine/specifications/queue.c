/*
 * Queues, the ring and the stack: items that are put, and leave in an order of their own.
 *
 * They differ in which item leaves next, in what put and get are called, and in whether they may be
 * busy. A task is unfinished from its put until a task_done, or until a shutdown drops its item.
 *
 * Of equal priorities any may leave next: a get that returned says which one, and of one that did
 * not each is tried.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/specifications/outcome.h"

#define ITEMS_MAX 60U

struct item {
    uint64_t value;
    int64_t priority;
};

struct state {
    uint32_t capacity; /* 0: no bound */
    uint32_t count;
    uint32_t unfinished;
    uint32_t is_shut_down;
    struct item
        items[ITEMS_MAX]; /* in the order in which they leave; ties by value or by arrival */
};

static void init(void *state, uint64_t parameter)
{
    ((struct state *)state)->capacity = (uint32_t)parameter;
}

/* Where a new item goes. */
typedef uint32_t rank_of(const struct state *state, const struct item *item);

static uint32_t rank_last(const struct state *state, const struct item *item)
{
    (void)item;
    return state->count;
}

static uint32_t rank_first(const struct state *state, const struct item *item)
{
    (void)state;
    (void)item;
    return 0;
}

static uint32_t rank_stable(const struct state *state, const struct item *item)
{
    uint32_t rank = state->count;

    while (rank > 0 && state->items[rank - 1].priority > item->priority) {
        rank--;
    }
    return rank;
}

/* Equal priorities by value, so that equal states have equal bytes. */
static uint32_t rank_sorted(const struct state *state, const struct item *item)
{
    uint32_t rank = rank_stable(state, item);

    while (rank > 0 && state->items[rank - 1].priority == item->priority &&
           state->items[rank - 1].value > item->value) {
        rank--;
    }
    return rank;
}

static enum hd_step
put(struct state *state, const struct hd_operation *operation, rank_of *rank_of_new)
{
    const struct item item = {operation->argument, (int64_t)operation->key};
    bool has_room = state->capacity == 0 || state->count < state->capacity;

    if (state->is_shut_down == 1) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_SHUTDOWN);
    }
    if (operation->outcome == HD_SHUTDOWN) {
        return HD_STEP_WRONG;
    }
    enum hd_step result = hde_outcome_of_wait(operation, has_room);

    if (!hde_outcome_is_done(operation, result)) {
        return result;
    }
    if (state->count == ITEMS_MAX) {
        return HD_STEP_NO_ROOM;
    }
    uint32_t rank = rank_of_new(state, &item);

    for (uint32_t i = state->count; i > rank; i--) {
        state->items[i] = state->items[i - 1];
    }
    state->items[rank] = item;
    state->count++;
    state->unfinished++;
    return HD_STEP_DONE;
}

/* Take an item out, and leave zeros where none is. */
static void take(struct state *state, uint32_t rank)
{
    state->count--;
    for (; rank < state->count; rank++) {
        state->items[rank] = state->items[rank + 1];
    }
    state->items[state->count] = (struct item){0};
}

/* The item that the get took: one of the first `ties', which may all leave next. */
static enum hd_step
take_one(struct state *state, const struct hd_operation *operation, uint32_t ties)
{
    uint32_t rank = operation->is_pending ? operation->possibility : 0;

    while (!operation->is_pending && rank < ties && state->items[rank].value != operation->value) {
        rank++;
    }
    if (rank >= ties) {
        return HD_STEP_WRONG;
    }
    take(state, rank);
    return HD_STEP_DONE;
}

/* `has_ties': items of equal priority leave in any order. */
static enum hd_step get(struct state *state, const struct hd_operation *operation, bool has_ties)
{
    uint32_t ties = 1;

    if (state->is_shut_down == 1 && state->count == 0) {
        return hde_step_if(operation->is_pending || operation->outcome == HD_SHUTDOWN);
    }
    if (operation->outcome == HD_SHUTDOWN) {
        return HD_STEP_WRONG;
    }
    enum hd_step result = hde_outcome_of_wait(operation, state->count > 0);

    if (!hde_outcome_is_done(operation, result)) {
        return result;
    }
    while (has_ties && ties < state->count &&
           state->items[ties].priority == state->items[0].priority) {
        ties++;
    }
    return take_one(state, operation, ties);
}

/* Dropped items count as done unless it was said before. */
static enum hd_step shut_down(struct state *state, const struct hd_operation *operation)
{
    state->is_shut_down = 1;
    if (operation->argument != 0) {
        state->unfinished -= state->count < state->unfinished ? state->count : state->unfinished;
        while (state->count > 0) {
            take(state, state->count - 1);
        }
    }
    return HD_STEP_DONE;
}

static enum hd_step step_any(struct state *state,
                             const struct hd_operation *operation,
                             rank_of *rank_of_new,
                             bool has_ties)
{
    bool has_tasks = state->unfinished > 0;

    switch (operation->code) {
    case HD_OP_PUT:
    case HD_OP_PUSH:
        return put(state, operation, rank_of_new);
    case HD_OP_GET:
    case HD_OP_POP:
        return get(state, operation, has_ties);
    case HD_OP_TASK_DONE:
        state->unfinished -= has_tasks ? 1 : 0;
        return hde_outcome_of_try(operation, has_tasks, HD_OVERFLOW);
    case HD_OP_JOIN:
        return hde_outcome_of_wait(operation, !has_tasks);
    case HD_OP_SHUTDOWN:
        return shut_down(state, operation);
    case HD_OP_SIZE:
        return hde_outcome_of_look(operation, state->count);
    default:
        return HD_STEP_WRONG;
    }
}

static enum hd_step step_fifo(void *state, const struct hd_operation *operation)
{
    return step_any(state, operation, rank_last, false);
}

static enum hd_step step_lifo(void *state, const struct hd_operation *operation)
{
    return step_any(state, operation, rank_first, false);
}

static enum hd_step step_priority(void *state, const struct hd_operation *operation)
{
    return step_any(state, operation, rank_sorted, true);
}

static enum hd_step step_stable(void *state, const struct hd_operation *operation)
{
    return step_any(state, operation, rank_stable, false);
}

static enum hd_step step_ring(void *state, const struct hd_operation *operation)
{
    return operation->outcome == HD_BUSY ? HD_STEP_DONE : step_fifo(state, operation);
}

static const struct hd_operation_name names[] = {
    [HD_OP_PUT] = {.name = "put", .has_argument = true},
    [HD_OP_GET] = {.name = "get", .has_value = true},
    [HD_OP_PUSH] = {.name = "push", .has_argument = true},
    [HD_OP_POP] = {.name = "pop", .has_value = true},
    [HD_OP_TASK_DONE] = {.name = "task_done"},
    [HD_OP_JOIN] = {.name = "join"},
    [HD_OP_SHUTDOWN] = {.name = "shutdown", .has_argument = true, .has_no_outcome = true},
    [HD_OP_SIZE] = {.name = "size", .has_value = true, .has_no_outcome = true},
};

static const struct hd_operation_name names_with_priority[] = {
    [HD_OP_PUT] = {.name = "put", .has_argument = true, .has_key = true},
    [HD_OP_GET] = {.name = "get", .has_value = true},
    [HD_OP_TASK_DONE] = {.name = "task_done"},
    [HD_OP_JOIN] = {.name = "join"},
    [HD_OP_SHUTDOWN] = {.name = "shutdown", .has_argument = true, .has_no_outcome = true},
    [HD_OP_SIZE] = {.name = "size", .has_value = true, .has_no_outcome = true},
};

#define NAMES_COUNT(names) (sizeof(names) / sizeof((names)[0]))

const struct hd_specification hd_specification_fifo_queue = {
    .name = "FIFO queue",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_fifo,
    .monitor = HD_MONITOR_FIFO,
    .names = names,
    .names_count = NAMES_COUNT(names),
};

const struct hd_specification hd_specification_lifo_queue = {
    .name = "LIFO queue",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_lifo,
    .monitor = HD_MONITOR_LIFO,
    .names = names,
    .names_count = NAMES_COUNT(names),
};

const struct hd_specification hd_specification_priority_queue = {
    .name = "priority queue",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_priority,
    .possibilities = ITEMS_MAX,
    .monitor = HD_MONITOR_PRIORITY,
    .names = names_with_priority,
    .names_count = NAMES_COUNT(names_with_priority),
};

const struct hd_specification hd_specification_stable_priority_queue = {
    .name = "priority queue",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_stable,
    .names = names_with_priority,
    .names_count = NAMES_COUNT(names_with_priority),
};

const struct hd_specification hd_specification_ring = {
    .name = "ring",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_ring,
    .names = names,
    .names_count = NAMES_COUNT(names),
};

const struct hd_specification hd_specification_stack = {
    .name = "stack",
    .state_size = sizeof(struct state),
    .init = init,
    .step = step_lifo,
    .monitor = HD_MONITOR_LIFO,
    .names = names,
    .names_count = NAMES_COUNT(names),
};
