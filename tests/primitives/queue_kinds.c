/*
 * Queue kinds: the tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/queue_kinds.h"

static void fifo_init(union hd_any_queue *any, size_t capacity)
{
    hd_fifo_queue_init(&any->fifo, capacity);
}

static void fifo_destroy(union hd_any_queue *any) { hd_fifo_queue_destroy(&any->fifo); }

static enum hd_result fifo_put(union hd_any_queue *any, void *item, int64_t priority)
{
    (void)priority;
    return hd_fifo_queue_put(&any->fifo, item);
}

static enum hd_result fifo_try_put(union hd_any_queue *any, void *item, int64_t priority)
{
    (void)priority;
    return hd_fifo_queue_try_put(&any->fifo, item);
}

static enum hd_result
fifo_put_until(union hd_any_queue *any, void *item, int64_t priority, uint64_t deadline_ns)
{
    (void)priority;
    return hd_fifo_queue_put_until(&any->fifo, item, deadline_ns);
}

static enum hd_result fifo_get(union hd_any_queue *any, void **item)
{
    return hd_fifo_queue_get(&any->fifo, item);
}

static enum hd_result fifo_try_get(union hd_any_queue *any, void **item)
{
    return hd_fifo_queue_try_get(&any->fifo, item);
}

static enum hd_result fifo_get_until(union hd_any_queue *any, void **item, uint64_t deadline_ns)
{
    return hd_fifo_queue_get_until(&any->fifo, item, deadline_ns);
}

static size_t fifo_size(const union hd_any_queue *any) { return hd_fifo_queue_size(&any->fifo); }

static enum hd_result fifo_task_done(union hd_any_queue *any)
{
    return hd_fifo_queue_task_done(&any->fifo);
}

static void fifo_join(union hd_any_queue *any) { hd_fifo_queue_join(&any->fifo); }

static enum hd_result fifo_join_until(union hd_any_queue *any, uint64_t deadline_ns)
{
    return hd_fifo_queue_join_until(&any->fifo, deadline_ns);
}

static void fifo_shutdown(union hd_any_queue *any, bool immediate)
{
    hd_fifo_queue_shutdown(&any->fifo, immediate);
}

const struct hd_queue_kind hd_fifo_queue_kind = {
    .initial = {.fifo = HD_FIFO_QUEUE_INITIALIZER(HD_QUEUE_KIND_CAPACITY)},
    .init = fifo_init,
    .destroy = fifo_destroy,
    .put = fifo_put,
    .try_put = fifo_try_put,
    .put_until = fifo_put_until,
    .get = fifo_get,
    .try_get = fifo_try_get,
    .get_until = fifo_get_until,
    .size = fifo_size,
    .task_done = fifo_task_done,
    .join = fifo_join,
    .join_until = fifo_join_until,
    .shutdown = fifo_shutdown,
    .is_newest_first = false,
};

static void lifo_init(union hd_any_queue *any, size_t capacity)
{
    hd_lifo_queue_init(&any->lifo, capacity);
}

static void lifo_destroy(union hd_any_queue *any) { hd_lifo_queue_destroy(&any->lifo); }

static enum hd_result lifo_put(union hd_any_queue *any, void *item, int64_t priority)
{
    (void)priority;
    return hd_lifo_queue_put(&any->lifo, item);
}

static enum hd_result lifo_try_put(union hd_any_queue *any, void *item, int64_t priority)
{
    (void)priority;
    return hd_lifo_queue_try_put(&any->lifo, item);
}

static enum hd_result
lifo_put_until(union hd_any_queue *any, void *item, int64_t priority, uint64_t deadline_ns)
{
    (void)priority;
    return hd_lifo_queue_put_until(&any->lifo, item, deadline_ns);
}

static enum hd_result lifo_get(union hd_any_queue *any, void **item)
{
    return hd_lifo_queue_get(&any->lifo, item);
}

static enum hd_result lifo_try_get(union hd_any_queue *any, void **item)
{
    return hd_lifo_queue_try_get(&any->lifo, item);
}

static enum hd_result lifo_get_until(union hd_any_queue *any, void **item, uint64_t deadline_ns)
{
    return hd_lifo_queue_get_until(&any->lifo, item, deadline_ns);
}

static size_t lifo_size(const union hd_any_queue *any) { return hd_lifo_queue_size(&any->lifo); }

static enum hd_result lifo_task_done(union hd_any_queue *any)
{
    return hd_lifo_queue_task_done(&any->lifo);
}

static void lifo_join(union hd_any_queue *any) { hd_lifo_queue_join(&any->lifo); }

static enum hd_result lifo_join_until(union hd_any_queue *any, uint64_t deadline_ns)
{
    return hd_lifo_queue_join_until(&any->lifo, deadline_ns);
}

static void lifo_shutdown(union hd_any_queue *any, bool immediate)
{
    hd_lifo_queue_shutdown(&any->lifo, immediate);
}

const struct hd_queue_kind hd_lifo_queue_kind = {
    .initial = {.lifo = HD_LIFO_QUEUE_INITIALIZER(HD_QUEUE_KIND_CAPACITY)},
    .init = lifo_init,
    .destroy = lifo_destroy,
    .put = lifo_put,
    .try_put = lifo_try_put,
    .put_until = lifo_put_until,
    .get = lifo_get,
    .try_get = lifo_try_get,
    .get_until = lifo_get_until,
    .size = lifo_size,
    .task_done = lifo_task_done,
    .join = lifo_join,
    .join_until = lifo_join_until,
    .shutdown = lifo_shutdown,
    .is_newest_first = true,
};

static void priority_init(union hd_any_queue *any, size_t capacity)
{
    hd_priority_queue_init(&any->priority, capacity);
}

static void priority_destroy(union hd_any_queue *any) { hd_priority_queue_destroy(&any->priority); }

static enum hd_result priority_put(union hd_any_queue *any, void *item, int64_t priority)
{
    return hd_priority_queue_put(&any->priority, item, priority);
}

static enum hd_result priority_try_put(union hd_any_queue *any, void *item, int64_t priority)
{
    return hd_priority_queue_try_put(&any->priority, item, priority);
}

static enum hd_result
priority_put_until(union hd_any_queue *any, void *item, int64_t priority, uint64_t deadline_ns)
{
    return hd_priority_queue_put_until(&any->priority, item, priority, deadline_ns);
}

static enum hd_result priority_get(union hd_any_queue *any, void **item)
{
    return hd_priority_queue_get(&any->priority, item);
}

static enum hd_result priority_try_get(union hd_any_queue *any, void **item)
{
    return hd_priority_queue_try_get(&any->priority, item);
}

static enum hd_result priority_get_until(union hd_any_queue *any, void **item, uint64_t deadline_ns)
{
    return hd_priority_queue_get_until(&any->priority, item, deadline_ns);
}

static size_t priority_size(const union hd_any_queue *any)
{
    return hd_priority_queue_size(&any->priority);
}

static enum hd_result priority_task_done(union hd_any_queue *any)
{
    return hd_priority_queue_task_done(&any->priority);
}

static void priority_join(union hd_any_queue *any) { hd_priority_queue_join(&any->priority); }

static enum hd_result priority_join_until(union hd_any_queue *any, uint64_t deadline_ns)
{
    return hd_priority_queue_join_until(&any->priority, deadline_ns);
}

static void priority_shutdown(union hd_any_queue *any, bool immediate)
{
    hd_priority_queue_shutdown(&any->priority, immediate);
}

const struct hd_queue_kind hd_priority_queue_kind = {
    .initial = {.priority = HD_PRIORITY_QUEUE_INITIALIZER(HD_QUEUE_KIND_CAPACITY)},
    .init = priority_init,
    .destroy = priority_destroy,
    .put = priority_put,
    .try_put = priority_try_put,
    .put_until = priority_put_until,
    .get = priority_get,
    .try_get = priority_try_get,
    .get_until = priority_get_until,
    .size = priority_size,
    .task_done = priority_task_done,
    .join = priority_join,
    .join_until = priority_join_until,
    .shutdown = priority_shutdown,
    .is_newest_first = false,
};

const struct hd_queue_kind *const hd_queue_kinds[] = {
    &hd_fifo_queue_kind,
    &hd_lifo_queue_kind,
    &hd_priority_queue_kind,
};
const size_t hd_queue_kind_count = HD_COUNT_OF(hd_queue_kinds);

char hd_queue_items[HD_QUEUE_ITEMS_MAX];

size_t hd_queue_item_number(const void *item)
{
    const char *place = item;

    HD_CHECK(place >= hd_queue_items && place < hd_queue_items + HD_QUEUE_ITEMS_MAX);
    return (size_t)(place - hd_queue_items);
}
