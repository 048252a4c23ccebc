/*
 * LIFO queue: the items in an array, the newest last.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lifo_queue.h>

#include <stdlib.h>

#include "primitives/queue.h"

/* The place of item number `number`, counted from the oldest. Under guard. */
static void **place(const struct hd_lifo_queue *queue, size_t number)
{
    void **items = (void **)queue->base.items;

    return &items[number];
}

void hd_lifo_queue_init(struct hd_lifo_queue *queue, size_t capacity)
{
    *queue = (struct hd_lifo_queue)HD_LIFO_QUEUE_INITIALIZER(capacity);
}

void hd_lifo_queue_destroy(struct hd_lifo_queue *queue) { free(queue->base.items); }

enum hd_result hd_lifo_queue_put(struct hd_lifo_queue *queue, void *item)
{
    return hd_lifo_queue_put_until(queue, item, HD_FOREVER);
}

enum hd_result hd_lifo_queue_try_put(struct hd_lifo_queue *queue, void *item)
{
    return hd_queue_try_result(hd_lifo_queue_put_until(queue, item, 0), HD_FULL);
}

enum hd_result
hd_lifo_queue_put_until(struct hd_lifo_queue *queue, void *item, uint64_t deadline_ns)
{
    enum hd_result result = hd_queue_put_begin(&queue->base, deadline_ns);

    if (result != HD_OK) {
        return result;
    }
    if (!hd_queue_has_room(&queue->base) && !hd_queue_grow(&queue->base, sizeof(item))) {
        hd_queue_put_cancel(&queue->base);
        return HD_NO_MEMORY;
    }
    *place(queue, hd_queue_size(&queue->base)) = item;
    hd_queue_put_end(&queue->base);
    return HD_OK;
}

enum hd_result hd_lifo_queue_get(struct hd_lifo_queue *queue, void **item)
{
    return hd_lifo_queue_get_until(queue, item, HD_FOREVER);
}

enum hd_result hd_lifo_queue_try_get(struct hd_lifo_queue *queue, void **item)
{
    return hd_queue_try_result(hd_lifo_queue_get_until(queue, item, 0), HD_EMPTY);
}

enum hd_result
hd_lifo_queue_get_until(struct hd_lifo_queue *queue, void **item, uint64_t deadline_ns)
{
    enum hd_result result = hd_queue_get_begin(&queue->base, deadline_ns);

    if (result != HD_OK) {
        return result;
    }
    *item = *place(queue, hd_queue_size(&queue->base) - 1);
    hd_queue_get_end(&queue->base);
    return HD_OK;
}

size_t hd_lifo_queue_size(const struct hd_lifo_queue *queue) { return hd_queue_size(&queue->base); }

enum hd_result hd_lifo_queue_task_done(struct hd_lifo_queue *queue)
{
    return hd_queue_task_done(&queue->base);
}

void hd_lifo_queue_join(struct hd_lifo_queue *queue)
{
    (void)(hd_queue_join_until(&queue->base, HD_FOREVER) == HD_OK);
}

enum hd_result hd_lifo_queue_join_until(struct hd_lifo_queue *queue, uint64_t deadline_ns)
{
    return hd_queue_join_until(&queue->base, deadline_ns);
}

void hd_lifo_queue_shutdown(struct hd_lifo_queue *queue, bool immediate)
{
    hd_queue_shutdown(&queue->base, immediate, NULL);
}
