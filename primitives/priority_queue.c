/*
 * Priority queue: the items in a binary heap.
 *
 * The entry at place i is not greater than those at 2i + 1 and 2i + 2, so the first is the least.
 * An entry carries the number of its arrival, which decides between equal priorities.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/priority_queue.h>

#include <stdlib.h>

#include "primitives/queue.h"

struct entry {
    int64_t priority;
    uint64_t arrival; /* the position of its put: no two are equal */
    void *item;
};

static bool is_less(const struct entry *left, const struct entry *right)
{
    if (left->priority != right->priority) {
        return left->priority < right->priority;
    }
    return left->arrival < right->arrival;
}

/* Insert `entry`: find its place upwards from the free one behind the last. Under guard. */
static void insert(struct hd_priority_queue *queue, struct entry entry)
{
    struct entry *heap = queue->base.items;
    size_t place = hd_queue_size(&queue->base);

    while (place > 0 && is_less(&entry, &heap[(place - 1) / 2])) {
        heap[place] = heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap[place] = entry;
}

/* Remove the least entry: the last one finds its place downwards from the first. Under guard. */
static void *remove_least(struct hd_priority_queue *queue)
{
    struct entry *heap = queue->base.items;
    void *item = heap[0].item;
    const size_t last = hd_queue_size(&queue->base) - 1;
    size_t place = 0;

    for (size_t child = 1; child < last; child = 2 * place + 1) {
        if (child + 1 < last && is_less(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_less(&heap[child], &heap[last])) {
            break;
        }
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = heap[last];
    return item;
}

void hd_priority_queue_init(struct hd_priority_queue *queue, size_t capacity)
{
    *queue = (struct hd_priority_queue)HD_PRIORITY_QUEUE_INITIALIZER(capacity);
}

void hd_priority_queue_destroy(struct hd_priority_queue *queue) { free(queue->base.items); }

enum hd_result hd_priority_queue_put(struct hd_priority_queue *queue, void *item, int64_t priority)
{
    return hd_priority_queue_put_until(queue, item, priority, HD_FOREVER);
}

enum hd_result
hd_priority_queue_try_put(struct hd_priority_queue *queue, void *item, int64_t priority)
{
    return hd_queue_try_result(hd_priority_queue_put_until(queue, item, priority, 0), HD_FULL);
}

enum hd_result hd_priority_queue_put_until(struct hd_priority_queue *queue,
                                           void *item,
                                           int64_t priority,
                                           uint64_t deadline_ns)
{
    enum hd_result result = hd_queue_put_begin(&queue->base, deadline_ns);

    if (result != HD_OK) {
        return result;
    }
    if (!hd_queue_has_room(&queue->base) && !hd_queue_grow(&queue->base, sizeof(struct entry))) {
        hd_queue_put_cancel(&queue->base);
        return HD_NO_MEMORY;
    }
    insert(queue, (struct entry){priority, queue->base.puts, item});
    hd_queue_put_end(&queue->base);
    return HD_OK;
}

enum hd_result hd_priority_queue_get(struct hd_priority_queue *queue, void **item)
{
    return hd_priority_queue_get_until(queue, item, HD_FOREVER);
}

enum hd_result hd_priority_queue_try_get(struct hd_priority_queue *queue, void **item)
{
    return hd_queue_try_result(hd_priority_queue_get_until(queue, item, 0), HD_EMPTY);
}

enum hd_result
hd_priority_queue_get_until(struct hd_priority_queue *queue, void **item, uint64_t deadline_ns)
{
    enum hd_result result = hd_queue_get_begin(&queue->base, deadline_ns);

    if (result != HD_OK) {
        return result;
    }
    *item = remove_least(queue);
    hd_queue_get_end(&queue->base);
    return HD_OK;
}

size_t hd_priority_queue_size(const struct hd_priority_queue *queue)
{
    return hd_queue_size(&queue->base);
}

enum hd_result hd_priority_queue_task_done(struct hd_priority_queue *queue)
{
    return hd_queue_task_done(&queue->base);
}

void hd_priority_queue_join(struct hd_priority_queue *queue)
{
    (void)(hd_queue_join_until(&queue->base, HD_FOREVER) == HD_OK);
}

enum hd_result hd_priority_queue_join_until(struct hd_priority_queue *queue, uint64_t deadline_ns)
{
    return hd_queue_join_until(&queue->base, deadline_ns);
}

void hd_priority_queue_shutdown(struct hd_priority_queue *queue, bool immediate)
{
    hd_queue_shutdown(&queue->base, immediate, NULL);
}
