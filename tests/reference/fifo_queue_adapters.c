/*
 * FIFO queues: hd_fifo_queue, CK's linked FIFO for many producers and consumers, CK's ring, and the
 * textbook queue.
 *
 * CK's FIFO reads a node's link before it knows that the node is still in the queue. It throws away
 * what it read from one that is not, but if the node is in use again that is a race in C11
 * (known_races/fifo_recycled_node.c). So here a node is used once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdlib.h>

#include <ck_fifo.h>

#include <heddle/fifo_queue.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"

struct hd_held_queue {
    struct hd_fifo_queue queue; /* first: one is the other */
    size_t capacity;            /* constant after create */
};

static void *hd_create(size_t capacity, size_t puts_max)
{
    struct hd_held_queue *held = hd_object_new(1, sizeof(*held));

    (void)puts_max;
    held->capacity = capacity == 0 ? SIZE_MAX : capacity;
    hd_fifo_queue_init(&held->queue, capacity);
    return held;
}

static void hd_destroy(void *queue)
{
    hd_fifo_queue_destroy(queue);
    free(queue);
}

static size_t hd_capacity(void *queue) { return ((struct hd_held_queue *)queue)->capacity; }

static enum hd_result hd_put(void *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_fifo_queue_put(queue, item);
}

static enum hd_result hd_try_put(void *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_fifo_queue_try_put(queue, item);
}

static enum hd_result hd_put_until(void *queue, void *item, int64_t priority, uint64_t deadline_ns)
{
    (void)priority;
    return hd_fifo_queue_put_until(queue, item, deadline_ns);
}

static enum hd_result hd_get(void *queue, void **item) { return hd_fifo_queue_get(queue, item); }

static enum hd_result hd_try_get(void *queue, void **item)
{
    return hd_fifo_queue_try_get(queue, item);
}

static enum hd_result hd_get_until(void *queue, void **item, uint64_t deadline_ns)
{
    return hd_fifo_queue_get_until(queue, item, deadline_ns);
}

static size_t hd_size(void *queue) { return hd_fifo_queue_size(queue); }

static enum hd_result hd_task_done(void *queue) { return hd_fifo_queue_task_done(queue); }

static enum hd_result hd_join_until(void *queue, uint64_t deadline_ns)
{
    return hd_fifo_queue_join_until(queue, deadline_ns);
}

static void hd_shutdown(void *queue, bool immediate) { hd_fifo_queue_shutdown(queue, immediate); }

/* CK's FIFO takes a node for each item, and keeps one more. */
struct ck_fifo {
    struct ck_fifo_mpmc fifo;
    struct ck_fifo_mpmc_entry *nodes; /* constant after create */
    uint32_t nodes_count;             /* constant after create */
    uint32_t nodes_used;              /* atomic */
};

static void *fifo_create(size_t capacity, size_t puts_max)
{
    struct ck_fifo *queue;

    if (capacity != 0) {
        return NULL;
    }
    queue = hd_object_new(1, sizeof(*queue));
    queue->nodes = hd_object_new(puts_max + 1, sizeof(*queue->nodes));
    queue->nodes_count = (uint32_t)puts_max + 1;
    queue->nodes_used = 1;
    ck_fifo_mpmc_init(&queue->fifo, &queue->nodes[0]);
    return queue;
}

static void fifo_destroy(void *object)
{
    struct ck_fifo *queue = object;

    free(queue->nodes);
    free(queue);
}

static size_t fifo_capacity(void *queue)
{
    (void)queue;
    return SIZE_MAX;
}

static enum hd_result fifo_try_put(void *object, void *item, int64_t priority)
{
    struct ck_fifo *queue = object;
    uint32_t node = ck_pr_faa_32(&queue->nodes_used, 1);

    (void)priority;
    if (node >= queue->nodes_count) {
        abort(); /* the test puts more than it said */
    }
    ck_fifo_mpmc_enqueue(&queue->fifo, &queue->nodes[node], item);
    return HD_OK;
}

static enum hd_result fifo_try_get(void *object, void **item)
{
    struct ck_fifo *queue = object;
    struct ck_fifo_mpmc_entry *garbage;
    void *value;

    if (!ck_fifo_mpmc_dequeue(&queue->fifo, (void *)&value, &garbage)) {
        return HD_EMPTY;
    }
    *item = value;
    return HD_OK;
}

static const struct hd_queue_adapter hd_adapter = {
    .name = "hd_fifo_queue",
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

static const struct hd_queue_adapter ck_fifo_adapter = {
    .name = "ck_fifo_mpmc",
    .create = fifo_create,
    .destroy = fifo_destroy,
    .capacity = fifo_capacity,
    .try_put = fifo_try_put,
    .try_get = fifo_try_get,
};

const struct hd_queue_adapter *const hd_fifo_queue_adapters[] = {
    &hd_adapter,
    &ck_fifo_adapter,
    &hd_ck_ring_mpmc_adapter,
    &hd_textbook_fifo_adapter,
};
const size_t hd_fifo_queue_adapters_count =
    sizeof(hd_fifo_queue_adapters) / sizeof(hd_fifo_queue_adapters[0]);
