/*
 * Queue model: what every kind of queue must answer, written so that one can see that it is right.
 *
 * The items stand in an array in order of arrival; a kind differs from another only in which of
 * them leaves next, and that is searched for each time. One thread, no memory to run out of, no
 * waiting: a call that would wait must be made into one that does not by queue_model_admit() first.
 *
 * Source: the public headers; where they say "semantics of Python's queue", Lib/queue.py.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_QUEUE_MODEL_H
#define HEDDLE_FUZZ_QUEUE_MODEL_H

#include <string.h>

#include <heddle/clock.h>

#include "fuzz/queue_call.h"

/* The most items the model holds: enough for six doublings of a queue's memory. */
#define QUEUE_MODEL_ITEMS_MAX 256

struct queue_model_entry {
    void *item;
    int64_t priority;
};

struct queue_model {
    enum queue_kind kind;
    size_t capacity; /* 0 for any number */
    bool is_shut_down;
    size_t unfinished;
    size_t count;
    struct queue_model_entry entries[QUEUE_MODEL_ITEMS_MAX]; /* [0, count), first come first */
};

static inline bool queue_model_is_ring(enum queue_kind kind)
{
    return kind == QUEUE_RING || kind == QUEUE_SPSC_RING;
}

/* Whether the kind accepts the capacity. */
static inline bool queue_model_has_capacity(enum queue_kind kind, size_t capacity)
{
    bool is_power_of_two = capacity != 0 && (capacity & (capacity - 1)) == 0;

    if (kind == QUEUE_RING) {
        return is_power_of_two && capacity >= 2;
    }
    return kind != QUEUE_SPSC_RING || is_power_of_two;
}

static inline bool queue_model_is_full(const struct queue_model *model)
{
    return model->capacity != 0 && model->count >= model->capacity;
}

static inline bool queue_model_is_put(enum queue_operation operation)
{
    return operation == QUEUE_TRY_PUT || operation == QUEUE_PUT_UNTIL || operation == QUEUE_PUT;
}

static inline bool queue_model_is_get(enum queue_operation operation)
{
    return operation == QUEUE_TRY_GET || operation == QUEUE_GET_UNTIL || operation == QUEUE_GET;
}

/* Whether the call, if it may, waits for another thread. */
static inline bool queue_model_waits(const struct queue_model *model,
                                     enum queue_operation operation)
{
    if (queue_model_is_put(operation)) {
        return queue_model_is_full(model) && !model->is_shut_down;
    }
    if (queue_model_is_get(operation)) {
        return model->count == 0 && !model->is_shut_down;
    }
    return model->unfinished > 0;
}

static inline enum queue_operation queue_model_admit_ring(enum queue_operation operation)
{
    if (queue_model_is_put(operation)) {
        return QUEUE_TRY_PUT;
    }
    if (queue_model_is_get(operation)) {
        return QUEUE_TRY_GET;
    }
    return operation == QUEUE_INIT || operation == QUEUE_AGE ? operation : QUEUE_LOOK;
}

/*
 * The nearest operation to `operation` that the kind has, that ends without another thread, and
 * that keeps within what the model holds.
 */
static inline enum queue_operation queue_model_admit(const struct queue_model *model,
                                                     enum queue_operation operation)
{
    if (queue_model_is_ring(model->kind)) {
        operation = queue_model_admit_ring(operation);
    }
    bool waits = queue_model_waits(model, operation);
    bool is_refused = queue_model_is_full(model) || model->is_shut_down;

    if (queue_model_is_put(operation) && model->count == QUEUE_MODEL_ITEMS_MAX && !is_refused) {
        return QUEUE_LOOK;
    }
    if (operation == QUEUE_PUT && waits) {
        return QUEUE_TRY_PUT;
    }
    if (operation == QUEUE_GET && waits) {
        return QUEUE_TRY_GET;
    }
    if (operation == QUEUE_JOIN && waits) {
        return QUEUE_JOIN_UNTIL;
    }
    if (operation == QUEUE_AGE && (model->count > 0 || !queue_model_is_ring(model->kind))) {
        return QUEUE_LOOK;
    }
    return operation;
}

/* The place of the first of the items of least priority. There is an item. */
static inline size_t queue_model_least(const struct queue_model *model)
{
    size_t least = 0;

    for (size_t i = 1; i < model->count; i++) {
        if (model->entries[i].priority < model->entries[least].priority) {
            least = i;
        }
    }
    return least;
}

/* The place of the item that leaves next. There is an item. */
static inline size_t queue_model_next(const struct queue_model *model)
{
    if (model->kind == QUEUE_LIFO) {
        return model->count - 1;
    }
    return model->kind == QUEUE_PRIORITY ? queue_model_least(model) : 0;
}

static inline enum hd_result queue_model_init(struct queue_model *model,
                                              const struct queue_call *call)
{
    if (!queue_model_has_capacity(call->kind, call->capacity)) {
        return HD_INVALID;
    }
    memset(model, 0, sizeof(*model));
    model->kind = call->kind;
    model->capacity = call->capacity;
    return HD_OK;
}

/* `if_full` is what this form of put says where it would have to wait. */
static inline enum hd_result
queue_model_put(struct queue_model *model, const struct queue_call *call, enum hd_result if_full)
{
    if (model->is_shut_down) {
        return HD_SHUTDOWN;
    }
    if (queue_model_is_full(model)) {
        return if_full;
    }
    model->entries[model->count] = (struct queue_model_entry){call->item, call->priority};
    model->count++;
    model->unfinished++;
    return HD_OK;
}

/* `if_empty` is what this form of get says where it would have to wait. */
static inline enum hd_result
queue_model_get(struct queue_model *model, void **item, enum hd_result if_empty)
{
    if (model->count == 0) {
        return model->is_shut_down ? HD_SHUTDOWN : if_empty;
    }
    size_t next = queue_model_next(model);
    struct queue_model_entry *entry = &model->entries[next];

    *item = entry->item;
    model->count--;
    memmove(entry, entry + 1, (model->count - next) * sizeof(*entry));
    return HD_OK;
}

static inline enum hd_result queue_model_task_done(struct queue_model *model)
{
    if (model->unfinished == 0) {
        return HD_OVERFLOW;
    }
    model->unfinished--;
    return HD_OK;
}

static inline void queue_model_shutdown(struct queue_model *model, bool is_immediate)
{
    model->is_shut_down = true;
    while (is_immediate && model->count > 0) {
        model->count--;
        /* Done already, if task_done was called for it before it was taken. */
        if (model->unfinished > 0) {
            model->unfinished--;
        }
    }
}

/* Carry out an admitted call. `item` is what the variable that a get fills holds before it. */
static inline struct queue_answer
queue_model_carry_out(struct queue_model *model, const struct queue_call *call, void *item)
{
    struct queue_answer answer = {.result = HD_OK, .item = item};

    switch (call->operation) {
    case QUEUE_INIT:
        answer.result = queue_model_init(model, call);
        break;
    case QUEUE_TRY_PUT:
        answer.result = queue_model_put(model, call, HD_FULL);
        break;
    case QUEUE_PUT_UNTIL:
    case QUEUE_PUT:
        answer.result = queue_model_put(model, call, HD_TIMEOUT);
        break;
    case QUEUE_TRY_GET:
        answer.result = queue_model_get(model, &answer.item, HD_EMPTY);
        break;
    case QUEUE_GET_UNTIL:
    case QUEUE_GET:
        answer.result = queue_model_get(model, &answer.item, HD_TIMEOUT);
        break;
    case QUEUE_TASK_DONE:
        answer.result = queue_model_task_done(model);
        break;
    case QUEUE_JOIN_UNTIL:
    case QUEUE_JOIN:
        answer.result = model->unfinished == 0 ? HD_OK : HD_TIMEOUT;
        break;
    case QUEUE_SHUTDOWN:
        queue_model_shutdown(model, call->is_immediate);
        break;
    case QUEUE_LOOK:
    case QUEUE_AGE:
    case QUEUE_OPERATIONS:
        break;
    }
    answer.size = model->count;
    return answer;
}

#endif
