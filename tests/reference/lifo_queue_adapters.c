/*
 * LIFO queues: hd_lifo_queue, CK's stack for many producers and consumers, and the textbook queue.
 *
 * A pop of CK's stack reads the link of the top node, which another thread may have popped and be
 * pushing again: a race in C11 (known_races/stack_pop_next.c). So here a node is used once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdlib.h>

#include <ck_stack.h>

#include <heddle/lifo_queue.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"

struct hd_held_queue {
    struct hd_lifo_queue queue; /* first: one is the other */
    size_t capacity;            /* constant after create */
};

static void *hd_create(size_t capacity, size_t puts_max)
{
    struct hd_held_queue *held = hd_object_new(1, sizeof(*held));

    (void)puts_max;
    held->capacity = capacity == 0 ? SIZE_MAX : capacity;
    hd_lifo_queue_init(&held->queue, capacity);
    return held;
}

static void hd_destroy(void *queue)
{
    hd_lifo_queue_destroy(queue);
    free(queue);
}

static size_t hd_capacity(void *queue) { return ((struct hd_held_queue *)queue)->capacity; }

static enum hd_result hd_put(void *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_lifo_queue_put(queue, item);
}

static enum hd_result hd_try_put(void *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_lifo_queue_try_put(queue, item);
}

static enum hd_result hd_put_until(void *queue, void *item, int64_t priority, uint64_t deadline_ns)
{
    (void)priority;
    return hd_lifo_queue_put_until(queue, item, deadline_ns);
}

static enum hd_result hd_get(void *queue, void **item) { return hd_lifo_queue_get(queue, item); }

static enum hd_result hd_try_get(void *queue, void **item)
{
    return hd_lifo_queue_try_get(queue, item);
}

static enum hd_result hd_get_until(void *queue, void **item, uint64_t deadline_ns)
{
    return hd_lifo_queue_get_until(queue, item, deadline_ns);
}

static size_t hd_size(void *queue) { return hd_lifo_queue_size(queue); }

static enum hd_result hd_task_done(void *queue) { return hd_lifo_queue_task_done(queue); }

static enum hd_result hd_join_until(void *queue, uint64_t deadline_ns)
{
    return hd_lifo_queue_join_until(queue, deadline_ns);
}

static void hd_shutdown(void *queue, bool immediate) { hd_lifo_queue_shutdown(queue, immediate); }

struct stack_node {
    struct ck_stack_entry link; /* first: a node is its entry */
    void *item;                 /* written before the push */
};

struct stack {
    struct ck_stack stack;    /* at offset 0: CK swaps it as a pair, which must be aligned */
    struct stack_node *nodes; /* constant after create */
    uint32_t nodes_count;     /* constant after create */
    uint32_t nodes_used;      /* atomic */
};

static void *stack_create(size_t capacity, size_t puts_max)
{
    struct stack *queue;

    if (capacity != 0) {
        return NULL;
    }
    queue = hd_object_new(1, sizeof(*queue));
    queue->nodes = hd_object_new(puts_max, sizeof(*queue->nodes));
    queue->nodes_count = (uint32_t)puts_max;
    ck_stack_init(&queue->stack);
    return queue;
}

static void stack_destroy(void *object)
{
    struct stack *queue = object;

    free(queue->nodes);
    free(queue);
}

static size_t stack_capacity(void *queue)
{
    (void)queue;
    return SIZE_MAX;
}

static enum hd_result stack_try_put(void *object, void *item, int64_t priority)
{
    struct stack *queue = object;
    uint32_t node = ck_pr_faa_32(&queue->nodes_used, 1);

    (void)priority;
    if (node >= queue->nodes_count) {
        abort(); /* the test puts more than it said */
    }
    queue->nodes[node].item = item;
    ck_stack_push_mpmc(&queue->stack, &queue->nodes[node].link);
    return HD_OK;
}

static enum hd_result stack_try_get(void *object, void **item)
{
    struct stack *queue = object;
    struct ck_stack_entry *entry = ck_stack_pop_mpmc(&queue->stack);

    if (entry == NULL) {
        return HD_EMPTY;
    }
    *item = ((struct stack_node *)entry)->item;
    return HD_OK;
}

static const struct hd_queue_adapter hd_adapter = {
    .name = "hd_lifo_queue",
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

static const struct hd_queue_adapter ck_stack_adapter = {
    .name = "ck_stack_mpmc",
    .create = stack_create,
    .destroy = stack_destroy,
    .capacity = stack_capacity,
    .try_put = stack_try_put,
    .try_get = stack_try_get,
};

const struct hd_queue_adapter *const hd_lifo_queue_adapters[] = {
    &hd_adapter,
    &ck_stack_adapter,
    &hd_textbook_lifo_adapter,
};
const size_t hd_lifo_queue_adapters_count =
    sizeof(hd_lifo_queue_adapters) / sizeof(hd_lifo_queue_adapters[0]);
