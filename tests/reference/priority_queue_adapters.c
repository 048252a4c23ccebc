/*
 * Priority queues: hd_priority_queue, a heap under CK's spinlock, and the textbook queue.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdlib.h>

#include <ck_spinlock.h>

#include <heddle/priority_queue.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"

struct hd_held_queue {
    struct hd_priority_queue queue; /* first: one is the other */
    size_t capacity;                /* constant after create */
};

static void *hd_create(size_t capacity, size_t puts_max)
{
    struct hd_held_queue *held = hd_object_new(1, sizeof(*held));

    (void)puts_max;
    held->capacity = capacity == 0 ? SIZE_MAX : capacity;
    hd_priority_queue_init(&held->queue, capacity);
    return held;
}

static void hd_destroy(void *queue)
{
    hd_priority_queue_destroy(queue);
    free(queue);
}

static size_t hd_capacity(void *queue) { return ((struct hd_held_queue *)queue)->capacity; }

static enum hd_result hd_put(void *queue, void *item, int64_t priority)
{
    return hd_priority_queue_put(queue, item, priority);
}

static enum hd_result hd_try_put(void *queue, void *item, int64_t priority)
{
    return hd_priority_queue_try_put(queue, item, priority);
}

static enum hd_result hd_put_until(void *queue, void *item, int64_t priority, uint64_t deadline_ns)
{
    return hd_priority_queue_put_until(queue, item, priority, deadline_ns);
}

static enum hd_result hd_get(void *queue, void **item)
{
    return hd_priority_queue_get(queue, item);
}

static enum hd_result hd_try_get(void *queue, void **item)
{
    return hd_priority_queue_try_get(queue, item);
}

static enum hd_result hd_get_until(void *queue, void **item, uint64_t deadline_ns)
{
    return hd_priority_queue_get_until(queue, item, deadline_ns);
}

static size_t hd_size(void *queue) { return hd_priority_queue_size(queue); }

static enum hd_result hd_task_done(void *queue) { return hd_priority_queue_task_done(queue); }

static enum hd_result hd_join_until(void *queue, uint64_t deadline_ns)
{
    return hd_priority_queue_join_until(queue, deadline_ns);
}

static void hd_shutdown(void *queue, bool immediate)
{
    hd_priority_queue_shutdown(queue, immediate);
}

struct heap_entry {
    int64_t priority;
    uint64_t arrival; /* ties leave in this order */
    void *item;
};

struct heap {
    ck_spinlock_fas_t lock;
    size_t capacity;            /* constant after create */
    size_t count;               /* under lock */
    uint64_t arrivals;          /* under lock: puts so far */
    struct heap_entry *entries; /* under lock: from 1; no child of i, at 2i and 2i + 1, is less */
};

/* With any number asked for, room for all items of its life is any number. */
static void *heap_create(size_t capacity, size_t puts_max)
{
    struct heap *heap = hd_object_new(1, sizeof(*heap));

    heap->capacity = capacity == 0 ? SIZE_MAX : capacity;
    heap->entries =
        hd_object_new((capacity == 0 ? puts_max : capacity) + 1, sizeof(*heap->entries));
    ck_spinlock_fas_init(&heap->lock);
    return heap;
}

static void heap_destroy(void *object)
{
    struct heap *heap = object;

    free(heap->entries);
    free(heap);
}

static size_t heap_capacity(void *heap) { return ((struct heap *)heap)->capacity; }

static bool is_less(const struct heap_entry *left, const struct heap_entry *right)
{
    if (left->priority != right->priority) {
        return left->priority < right->priority;
    }
    return left->arrival < right->arrival;
}

static enum hd_result heap_try_put(void *object, void *item, int64_t priority)
{
    struct heap *heap = object;
    struct heap_entry entry = {.priority = priority, .item = item};
    enum hd_result result = HD_FULL;

    ck_spinlock_fas_lock(&heap->lock);
    if (heap->count < heap->capacity) {
        size_t hole = ++heap->count;

        entry.arrival = heap->arrivals++;
        for (; hole > 1 && is_less(&entry, &heap->entries[hole / 2]); hole /= 2) {
            heap->entries[hole] = heap->entries[hole / 2];
        }
        heap->entries[hole] = entry;
        result = HD_OK;
    }
    ck_spinlock_fas_unlock(&heap->lock);
    return result;
}

/* Fills the hole at the top with the last entry. */
static void close_hole(struct heap *heap)
{
    const struct heap_entry last = heap->entries[heap->count--];
    size_t hole = 1;

    for (size_t child = 2; child <= heap->count; child = 2 * hole) {
        if (child < heap->count && is_less(&heap->entries[child + 1], &heap->entries[child])) {
            child++;
        }
        if (is_less(&last, &heap->entries[child])) {
            break;
        }
        heap->entries[hole] = heap->entries[child];
        hole = child;
    }
    heap->entries[hole] = last;
}

static enum hd_result heap_try_get(void *object, void **item)
{
    struct heap *heap = object;
    enum hd_result result = HD_EMPTY;

    ck_spinlock_fas_lock(&heap->lock);
    if (heap->count != 0) {
        *item = heap->entries[1].item;
        close_hole(heap);
        result = HD_OK;
    }
    ck_spinlock_fas_unlock(&heap->lock);
    return result;
}

static size_t heap_size(void *object)
{
    struct heap *heap = object;
    size_t count;

    ck_spinlock_fas_lock(&heap->lock);
    count = heap->count;
    ck_spinlock_fas_unlock(&heap->lock);
    return count;
}

static const struct hd_queue_adapter hd_adapter = {
    .name = "hd_priority_queue",
    .can = HD_CAN_EVERYTHING,
    .create = hd_create,
    .destroy = hd_destroy,
    .capacity = hd_capacity,
    .put = hd_put,
    .try_put = hd_try_put,
    .put_until = hd_put_until,
    .get = hd_get,
    .try_get = hd_try_get,
    .get_until = hd_get_until,
    .size = hd_size,
    .task_done = hd_task_done,
    .join_until = hd_join_until,
    .shutdown = hd_shutdown,
};

static const struct hd_queue_adapter heap_adapter = {
    .name = "heap under ck_spinlock",
    .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_REUSE,
    .create = heap_create,
    .destroy = heap_destroy,
    .capacity = heap_capacity,
    .try_put = heap_try_put,
    .try_get = heap_try_get,
    .size = heap_size,
};

const struct hd_queue_adapter *const hd_priority_queue_adapters[] = {
    &hd_adapter,
    &heap_adapter,
    &hd_textbook_priority_adapter,
};
const size_t hd_priority_queue_adapters_count =
    sizeof(hd_priority_queue_adapters) / sizeof(hd_priority_queue_adapters[0]);
