/*
 * Queue subject: a real queue of any kind, which carries out the same calls as the model.
 *
 * A subject's memory is made as unhelpful as its header allows: it is filled with a pattern before
 * each init, a ring's slots are a heap block of exactly their size, and zeroed only for the
 * initialiser macro, which asks for that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_QUEUE_SUBJECT_H
#define HEDDLE_FUZZ_QUEUE_SUBJECT_H

#include <stdlib.h>
#include <string.h>

#include <heddle/clock.h>
#include <heddle/fifo_queue.h>
#include <heddle/lifo_queue.h>
#include <heddle/priority_queue.h>
#include <heddle/ring.h>
#include <heddle/spsc_ring.h>

#include "fuzz/queue_call.h"

#define QUEUE_SUBJECT_PATTERN 0xa5

/* The largest ring. Larger capacities occur only where they are not accepted. */
#define QUEUE_SUBJECT_SLOTS_MAX 256

struct queue_subject {
    enum queue_kind kind;
    void *object; /* of the kind's type, in a heap block of exactly its size; NULL before init */
    void *slots;  /* a ring's, likewise; NULL for the other kinds */
};

/* What each kind answers to. `item` is the variable that a get fills. */
struct queue_subject_kind {
    enum hd_result (*init)(void *object, const struct queue_call *call, void *slots);
    enum hd_result (*call)(void *object, const struct queue_call *call, void **item);
    size_t (*size)(const void *object);
    void (*destroy)(void *object);
    size_t object_size;
    size_t slot_size; /* 0 for kinds that find their own memory */
};

static inline uint64_t queue_subject_deadline_ns(const struct queue_call *call)
{
    switch (call->deadline) {
    case QUEUE_PAST:
        return 1;
    case QUEUE_NOW:
        return hd_clock_ns();
    case QUEUE_SOON:
        return hd_clock_after_ns(1000);
    case QUEUE_LATER:
        return hd_clock_after_ns(HD_SECOND_NS);
    case QUEUE_NEVER:
        return HD_FOREVER;
    default:
        return 0;
    }
}

static inline enum hd_result
queue_subject_init_fifo(void *object, const struct queue_call *call, void *slots)
{
    struct hd_fifo_queue *queue = object;

    (void)slots;
    if (call->is_static) {
        *queue = (struct hd_fifo_queue)HD_FIFO_QUEUE_INITIALIZER(call->capacity);
    } else {
        hd_fifo_queue_init(queue, call->capacity);
    }
    return HD_OK;
}

static inline enum hd_result
queue_subject_call_fifo(void *object, const struct queue_call *call, void **item)
{
    struct hd_fifo_queue *queue = object;

    switch (call->operation) {
    case QUEUE_TRY_PUT:
        return hd_fifo_queue_try_put(queue, call->item);
    case QUEUE_PUT_UNTIL:
        return hd_fifo_queue_put_until(queue, call->item, queue_subject_deadline_ns(call));
    case QUEUE_PUT:
        return hd_fifo_queue_put(queue, call->item);
    case QUEUE_TRY_GET:
        return hd_fifo_queue_try_get(queue, item);
    case QUEUE_GET_UNTIL:
        return hd_fifo_queue_get_until(queue, item, queue_subject_deadline_ns(call));
    case QUEUE_GET:
        return hd_fifo_queue_get(queue, item);
    case QUEUE_TASK_DONE:
        return hd_fifo_queue_task_done(queue);
    case QUEUE_JOIN_UNTIL:
        return hd_fifo_queue_join_until(queue, queue_subject_deadline_ns(call));
    case QUEUE_JOIN:
        hd_fifo_queue_join(queue);
        return HD_OK;
    case QUEUE_SHUTDOWN:
        hd_fifo_queue_shutdown(queue, call->is_immediate);
        return HD_OK;
    default:
        return HD_OK;
    }
}

static inline size_t queue_subject_size_fifo(const void *object)
{
    return hd_fifo_queue_size(object);
}

static inline void queue_subject_destroy_fifo(void *object) { hd_fifo_queue_destroy(object); }

static inline enum hd_result
queue_subject_init_lifo(void *object, const struct queue_call *call, void *slots)
{
    struct hd_lifo_queue *queue = object;

    (void)slots;
    if (call->is_static) {
        *queue = (struct hd_lifo_queue)HD_LIFO_QUEUE_INITIALIZER(call->capacity);
    } else {
        hd_lifo_queue_init(queue, call->capacity);
    }
    return HD_OK;
}

static inline enum hd_result
queue_subject_call_lifo(void *object, const struct queue_call *call, void **item)
{
    struct hd_lifo_queue *queue = object;

    switch (call->operation) {
    case QUEUE_TRY_PUT:
        return hd_lifo_queue_try_put(queue, call->item);
    case QUEUE_PUT_UNTIL:
        return hd_lifo_queue_put_until(queue, call->item, queue_subject_deadline_ns(call));
    case QUEUE_PUT:
        return hd_lifo_queue_put(queue, call->item);
    case QUEUE_TRY_GET:
        return hd_lifo_queue_try_get(queue, item);
    case QUEUE_GET_UNTIL:
        return hd_lifo_queue_get_until(queue, item, queue_subject_deadline_ns(call));
    case QUEUE_GET:
        return hd_lifo_queue_get(queue, item);
    case QUEUE_TASK_DONE:
        return hd_lifo_queue_task_done(queue);
    case QUEUE_JOIN_UNTIL:
        return hd_lifo_queue_join_until(queue, queue_subject_deadline_ns(call));
    case QUEUE_JOIN:
        hd_lifo_queue_join(queue);
        return HD_OK;
    case QUEUE_SHUTDOWN:
        hd_lifo_queue_shutdown(queue, call->is_immediate);
        return HD_OK;
    default:
        return HD_OK;
    }
}

static inline size_t queue_subject_size_lifo(const void *object)
{
    return hd_lifo_queue_size(object);
}

static inline void queue_subject_destroy_lifo(void *object) { hd_lifo_queue_destroy(object); }

static inline enum hd_result
queue_subject_init_priority(void *object, const struct queue_call *call, void *slots)
{
    struct hd_priority_queue *queue = object;

    (void)slots;
    if (call->is_static) {
        *queue = (struct hd_priority_queue)HD_PRIORITY_QUEUE_INITIALIZER(call->capacity);
    } else {
        hd_priority_queue_init(queue, call->capacity);
    }
    return HD_OK;
}

static inline enum hd_result
queue_subject_call_priority(void *object, const struct queue_call *call, void **item)
{
    struct hd_priority_queue *queue = object;

    switch (call->operation) {
    case QUEUE_TRY_PUT:
        return hd_priority_queue_try_put(queue, call->item, call->priority);
    case QUEUE_PUT_UNTIL:
        return hd_priority_queue_put_until(queue, call->item, call->priority,
                                           queue_subject_deadline_ns(call));
    case QUEUE_PUT:
        return hd_priority_queue_put(queue, call->item, call->priority);
    case QUEUE_TRY_GET:
        return hd_priority_queue_try_get(queue, item);
    case QUEUE_GET_UNTIL:
        return hd_priority_queue_get_until(queue, item, queue_subject_deadline_ns(call));
    case QUEUE_GET:
        return hd_priority_queue_get(queue, item);
    case QUEUE_TASK_DONE:
        return hd_priority_queue_task_done(queue);
    case QUEUE_JOIN_UNTIL:
        return hd_priority_queue_join_until(queue, queue_subject_deadline_ns(call));
    case QUEUE_JOIN:
        hd_priority_queue_join(queue);
        return HD_OK;
    case QUEUE_SHUTDOWN:
        hd_priority_queue_shutdown(queue, call->is_immediate);
        return HD_OK;
    default:
        return HD_OK;
    }
}

static inline size_t queue_subject_size_priority(const void *object)
{
    return hd_priority_queue_size(object);
}

static inline void queue_subject_destroy_priority(void *object)
{
    hd_priority_queue_destroy(object);
}

/* How far a counter is from the last multiple of `step` before it comes to 2^32 (to 2^33, ...). */
static inline uint64_t queue_subject_age(uint64_t counter, uint64_t step)
{
    uint64_t last = (((counter >> 32) + 1) << 32) - step;
    uint64_t rounded = counter / step * step;

    return last > rounded ? last - rounded : 0;
}

static inline enum hd_result
queue_subject_init_ring(void *object, const struct queue_call *call, void *slots)
{
    struct hd_ring *ring = object;

    if (call->is_static) {
        memset(slots, 0, call->capacity * sizeof(struct hd_ring_slot));
        *ring = (struct hd_ring)HD_RING_INITIALIZER(slots, call->capacity);
        return HD_OK;
    }
    return hd_ring_init(ring, slots, call->capacity);
}

/* The ring is empty: every slot waits for a put, also when all counters have moved on together. */
static inline void queue_subject_age_ring(struct hd_ring *ring)
{
    uint64_t by = queue_subject_age(ring->tail, ring->capacity);

    ring->tail += by;
    ring->head += by;
    for (uint64_t i = 0; i < ring->capacity; i++) {
        ring->slots[i].turn += by;
    }
}

static inline enum hd_result
queue_subject_call_ring(void *object, const struct queue_call *call, void **item)
{
    struct hd_ring *ring = object;

    switch (call->operation) {
    case QUEUE_TRY_PUT:
        return hd_ring_try_put(ring, call->item);
    case QUEUE_TRY_GET:
        return hd_ring_try_get(ring, item);
    case QUEUE_AGE:
        queue_subject_age_ring(ring);
        return HD_OK;
    default:
        return HD_OK;
    }
}

static inline size_t queue_subject_size_ring(const void *object) { return hd_ring_size(object); }

static inline void queue_subject_destroy_ring(void *object) { hd_ring_destroy(object); }

static inline enum hd_result
queue_subject_init_spsc_ring(void *object, const struct queue_call *call, void *slots)
{
    struct hd_spsc_ring *ring = object;

    if (call->is_static) {
        *ring = (struct hd_spsc_ring)HD_SPSC_RING_INITIALIZER((void **)slots, call->capacity);
        return HD_OK;
    }
    return hd_spsc_ring_init(ring, (void **)slots, call->capacity);
}

static inline void queue_subject_age_spsc_ring(struct hd_spsc_ring *ring)
{
    uint64_t by = queue_subject_age(ring->tail, ring->capacity);

    ring->tail += by;
    ring->head += by;
    ring->tail_seen += by;
    ring->head_seen += by;
}

static inline enum hd_result
queue_subject_call_spsc_ring(void *object, const struct queue_call *call, void **item)
{
    struct hd_spsc_ring *ring = object;

    switch (call->operation) {
    case QUEUE_TRY_PUT:
        return hd_spsc_ring_try_put(ring, call->item);
    case QUEUE_TRY_GET:
        return hd_spsc_ring_try_get(ring, item);
    case QUEUE_AGE:
        queue_subject_age_spsc_ring(ring);
        return HD_OK;
    default:
        return HD_OK;
    }
}

static inline size_t queue_subject_size_spsc_ring(const void *object)
{
    return hd_spsc_ring_size(object);
}

static inline void queue_subject_destroy_spsc_ring(void *object) { hd_spsc_ring_destroy(object); }

static const struct queue_subject_kind queue_subject_kinds[QUEUE_KINDS] = {
    [QUEUE_FIFO] =
        {
            .init = queue_subject_init_fifo,
            .call = queue_subject_call_fifo,
            .size = queue_subject_size_fifo,
            .destroy = queue_subject_destroy_fifo,
            .object_size = sizeof(struct hd_fifo_queue),
        },
    [QUEUE_LIFO] =
        {
            .init = queue_subject_init_lifo,
            .call = queue_subject_call_lifo,
            .size = queue_subject_size_lifo,
            .destroy = queue_subject_destroy_lifo,
            .object_size = sizeof(struct hd_lifo_queue),
        },
    [QUEUE_PRIORITY] =
        {
            .init = queue_subject_init_priority,
            .call = queue_subject_call_priority,
            .size = queue_subject_size_priority,
            .destroy = queue_subject_destroy_priority,
            .object_size = sizeof(struct hd_priority_queue),
        },
    [QUEUE_RING] =
        {
            .init = queue_subject_init_ring,
            .call = queue_subject_call_ring,
            .size = queue_subject_size_ring,
            .destroy = queue_subject_destroy_ring,
            .object_size = sizeof(struct hd_ring),
            .slot_size = sizeof(struct hd_ring_slot),
        },
    [QUEUE_SPSC_RING] =
        {
            .init = queue_subject_init_spsc_ring,
            .call = queue_subject_call_spsc_ring,
            .size = queue_subject_size_spsc_ring,
            .destroy = queue_subject_destroy_spsc_ring,
            .object_size = sizeof(struct hd_spsc_ring),
            .slot_size = sizeof(void *),
        },
};

/* A heap block full of the pattern; NULL for one of no bytes. */
static inline void *queue_subject_allocate(size_t size)
{
    void *block = size == 0 ? NULL : malloc(size);

    if (size == 0) {
        return NULL;
    }
    if (block == NULL) {
        abort();
    }
    return memset(block, QUEUE_SUBJECT_PATTERN, size);
}

static inline bool queue_subject_is_untouched(const unsigned char *block, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (block[i] != QUEUE_SUBJECT_PATTERN) {
            return false;
        }
    }
    return true;
}

/* End the life of what there is. */
static inline void queue_subject_end(struct queue_subject *subject)
{
    if (subject->object != NULL) {
        queue_subject_kinds[subject->kind].destroy(subject->object);
    }
    free(subject->object);
    free(subject->slots);
}

/* A new queue, if its init accepts the capacity; else HD_INVALID, having changed nothing. */
static inline enum hd_result queue_subject_init(struct queue_subject *subject,
                                                const struct queue_call *call)
{
    const struct queue_subject_kind *kind = &queue_subject_kinds[call->kind];
    size_t slots_size = 0;

    if (call->capacity <= QUEUE_SUBJECT_SLOTS_MAX) {
        slots_size = call->capacity * kind->slot_size;
    }
    struct queue_subject fresh = {
        .kind = call->kind,
        .object = queue_subject_allocate(kind->object_size),
        .slots = queue_subject_allocate(slots_size),
    };
    enum hd_result result = kind->init(fresh.object, call, fresh.slots);

    if (result == HD_OK) {
        queue_subject_end(subject);
        *subject = fresh;
        return HD_OK;
    }
    if (!queue_subject_is_untouched(fresh.object, kind->object_size) ||
        !queue_subject_is_untouched(fresh.slots, slots_size)) {
        result = HD_BROKEN;
    }
    free(fresh.object);
    free(fresh.slots);
    return result;
}

/* As queue_model_carry_out(). */
static inline struct queue_answer
queue_subject_carry_out(struct queue_subject *subject, const struct queue_call *call, void *item)
{
    struct queue_answer answer = {.item = item};

    if (call->operation == QUEUE_INIT) {
        answer.result = queue_subject_init(subject, call);
    } else {
        answer.result =
            queue_subject_kinds[subject->kind].call(subject->object, call, &answer.item);
    }
    answer.size = queue_subject_kinds[subject->kind].size(subject->object);
    return answer;
}

#endif
