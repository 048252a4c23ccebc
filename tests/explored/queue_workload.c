/*
 * Queue workload: the kinds, and the threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/explored/queue_workload.h"

#include <string.h>

#include <heddle/check.h>

/* ---- Kinds ----------------------------------------------------------------------------------- */

static void fifo_init(union queue *queue, size_t capacity)
{
    hd_fifo_queue_init(&queue->fifo, capacity);
}

static void fifo_destroy(union queue *queue) { hd_fifo_queue_destroy(&queue->fifo); }

static enum hd_result fifo_put(union queue *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_fifo_queue_put(&queue->fifo, item);
}

static enum hd_result
fifo_put_until(union queue *queue, void *item, int64_t priority, uint64_t until)
{
    (void)priority;
    return hd_fifo_queue_put_until(&queue->fifo, item, until);
}

static enum hd_result fifo_get(union queue *queue, void **item)
{
    return hd_fifo_queue_get(&queue->fifo, item);
}

static enum hd_result fifo_get_until(union queue *queue, void **item, uint64_t until)
{
    return hd_fifo_queue_get_until(&queue->fifo, item, until);
}

static size_t fifo_size(const union queue *queue) { return hd_fifo_queue_size(&queue->fifo); }

static enum hd_result fifo_task_done(union queue *queue)
{
    return hd_fifo_queue_task_done(&queue->fifo);
}

static void fifo_join(union queue *queue) { hd_fifo_queue_join(&queue->fifo); }

static void fifo_shutdown(union queue *queue, bool immediate)
{
    hd_fifo_queue_shutdown(&queue->fifo, immediate);
}

const struct queue_kind hd_queue_kind_fifo = {
    &hd_specification_fifo_queue,
    fifo_init,
    fifo_destroy,
    fifo_put,
    fifo_put_until,
    fifo_get,
    fifo_get_until,
    fifo_size,
    fifo_task_done,
    fifo_join,
    fifo_shutdown,
};

static void lifo_init(union queue *queue, size_t capacity)
{
    hd_lifo_queue_init(&queue->lifo, capacity);
}

static void lifo_destroy(union queue *queue) { hd_lifo_queue_destroy(&queue->lifo); }

static enum hd_result lifo_put(union queue *queue, void *item, int64_t priority)
{
    (void)priority;
    return hd_lifo_queue_put(&queue->lifo, item);
}

static enum hd_result
lifo_put_until(union queue *queue, void *item, int64_t priority, uint64_t until)
{
    (void)priority;
    return hd_lifo_queue_put_until(&queue->lifo, item, until);
}

static enum hd_result lifo_get(union queue *queue, void **item)
{
    return hd_lifo_queue_get(&queue->lifo, item);
}

static enum hd_result lifo_get_until(union queue *queue, void **item, uint64_t until)
{
    return hd_lifo_queue_get_until(&queue->lifo, item, until);
}

static size_t lifo_size(const union queue *queue) { return hd_lifo_queue_size(&queue->lifo); }

static enum hd_result lifo_task_done(union queue *queue)
{
    return hd_lifo_queue_task_done(&queue->lifo);
}

static void lifo_join(union queue *queue) { hd_lifo_queue_join(&queue->lifo); }

static void lifo_shutdown(union queue *queue, bool immediate)
{
    hd_lifo_queue_shutdown(&queue->lifo, immediate);
}

const struct queue_kind hd_queue_kind_lifo = {
    &hd_specification_lifo_queue,
    lifo_init,
    lifo_destroy,
    lifo_put,
    lifo_put_until,
    lifo_get,
    lifo_get_until,
    lifo_size,
    lifo_task_done,
    lifo_join,
    lifo_shutdown,
};

static void priority_init(union queue *queue, size_t capacity)
{
    hd_priority_queue_init(&queue->priority, capacity);
}

static void priority_destroy(union queue *queue) { hd_priority_queue_destroy(&queue->priority); }

static enum hd_result priority_put(union queue *queue, void *item, int64_t priority)
{
    return hd_priority_queue_put(&queue->priority, item, priority);
}

static enum hd_result
priority_put_until(union queue *queue, void *item, int64_t priority, uint64_t until)
{
    return hd_priority_queue_put_until(&queue->priority, item, priority, until);
}

static enum hd_result priority_get(union queue *queue, void **item)
{
    return hd_priority_queue_get(&queue->priority, item);
}

static enum hd_result priority_get_until(union queue *queue, void **item, uint64_t until)
{
    return hd_priority_queue_get_until(&queue->priority, item, until);
}

static size_t priority_size(const union queue *queue)
{
    return hd_priority_queue_size(&queue->priority);
}

static enum hd_result priority_task_done(union queue *queue)
{
    return hd_priority_queue_task_done(&queue->priority);
}

static void priority_join(union queue *queue) { hd_priority_queue_join(&queue->priority); }

static void priority_shutdown(union queue *queue, bool immediate)
{
    hd_priority_queue_shutdown(&queue->priority, immediate);
}

/* Ties leave in order of arrival. */
const struct queue_kind hd_queue_kind_priority = {
    &hd_specification_stable_priority_queue,
    priority_init,
    priority_destroy,
    priority_put,
    priority_put_until,
    priority_get,
    priority_get_until,
    priority_size,
    priority_task_done,
    priority_join,
    priority_shutdown,
};

/* ---- Operations ------------------------------------------------------------------------------ */

void hd_workload_begin(void *state, const struct queue_kind *kind, size_t capacity)
{
    struct queue_shared *shared = state;

    shared->kind = kind;
    kind->init(&shared->queue, capacity);
    hd_history_begin(&shared->queue, kind->specification, capacity);
}

static enum hd_result put(struct queue_shared *shared, int item, uint64_t until)
{
    const struct queue_kind *kind = shared->kind;
    int64_t priority = shared->priorities[item];
    int *value = &shared->items[item];

    *value = item + 1;
    hd_history_call_key(&shared->queue, HD_OP_PUT, (uint64_t)priority, (uint64_t)item);
    enum hd_result result = until == HD_FOREVER
                                ? kind->put(&shared->queue, value, priority)
                                : kind->put_until(&shared->queue, value, priority, until);

    hd_history_return(&shared->queue, (int)result, 0);
    return result;
}

/* The item, or -1; *result says why not. */
static int get(struct queue_shared *shared, uint64_t until, enum hd_result *result)
{
    const struct queue_kind *kind = shared->kind;
    void *value = NULL;

    hd_history_call(&shared->queue, HD_OP_GET, 0);
    *result = until == HD_FOREVER ? kind->get(&shared->queue, &value)
                                  : kind->get_until(&shared->queue, &value, until);
    int item = *result == HD_OK ? (int)((int *)value - shared->items) : -1;

    hd_history_return(&shared->queue, (int)*result, (uint64_t)item);
    if (item >= 0) {
        HD_EXPECT(shared->items[item] == item + 1 && !shared->are_taken[item]);
        shared->are_taken[item] = true;
    }
    return item;
}

void hd_workload_put(struct queue_shared *shared, int item)
{
    HD_EXPECT(put(shared, item, HD_FOREVER) == HD_OK);
}

int hd_workload_get(struct queue_shared *shared)
{
    enum hd_result result;
    int item = get(shared, HD_FOREVER, &result);

    HD_EXPECT(result == HD_OK || result == HD_SHUTDOWN);
    return item;
}

enum hd_result hd_workload_task_done(struct queue_shared *shared)
{
    hd_history_call(&shared->queue, HD_OP_TASK_DONE, 0);
    enum hd_result result = shared->kind->task_done(&shared->queue);

    hd_history_return(&shared->queue, (int)result, 0);
    return result;
}

void hd_workload_finish(struct queue_shared *shared)
{
    HD_EXPECT(hd_workload_task_done(shared) == HD_OK);
}

static void join(struct queue_shared *shared)
{
    hd_history_call(&shared->queue, HD_OP_JOIN, 0);
    shared->kind->join(&shared->queue);
    hd_history_return(&shared->queue, HD_OK, 0);
}

static void shut_down(struct queue_shared *shared, bool immediate)
{
    hd_history_call(&shared->queue, HD_OP_SHUTDOWN, immediate ? 1 : 0);
    shared->kind->shutdown(&shared->queue, immediate);
    hd_history_return(&shared->queue, HD_OK, 0);
}

/* ---- Threads --------------------------------------------------------------------------------- */

void hd_workload_put_0_and_1(void *state)
{
    hd_workload_put(state, 0);
    hd_workload_put(state, 1);
}

void hd_workload_put_2(void *state) { hd_workload_put(state, 2); }

void hd_workload_get_one(void *state) { HD_EXPECT(hd_workload_get(state) >= 0); }

void hd_workload_get_two(void *state)
{
    hd_workload_get_one(state);
    hd_workload_get_one(state);
}

void hd_workload_get_three(void *state)
{
    hd_workload_get_two(state);
    hd_workload_get_one(state);
}

static void put_until(struct queue_shared *shared, int item)
{
    enum hd_result result = put(shared, item, hd_clock_after_ns(1000));

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
}

void hd_workload_put_0_until(void *state) { put_until(state, 0); }

void hd_workload_put_1_until(void *state) { put_until(state, 1); }

void hd_workload_get_until(void *state)
{
    enum hd_result result;

    (void)get(state, hd_clock_after_ns(1000), &result);
    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
}

void hd_workload_put_until_shutdown(void *state)
{
    for (int item = 0; item < 2; item++) {
        enum hd_result result = put(state, item, HD_FOREVER);

        HD_EXPECT(result == HD_OK || result == HD_SHUTDOWN);
    }
}

void hd_workload_get_until_shutdown(void *state)
{
    while (hd_workload_get(state) >= 0) {
    }
}

void hd_workload_shut_down(void *state) { shut_down(state, false); }

void hd_workload_shut_down_now(void *state) { shut_down(state, true); }

void hd_workload_work_off_two(void *state)
{
    struct queue_shared *shared = state;

    for (int count = 0; count < 2; count++) {
        hd_workload_get_one(shared);
        shared->done++;
        hd_workload_finish(shared);
    }
}

void hd_workload_put_and_join(void *state)
{
    struct queue_shared *shared = state;

    hd_workload_put_0_and_1(shared);
    join(shared);
    HD_EXPECT(shared->done == 2);
    shared->kind->destroy(&shared->queue);
    memset(&shared->queue, 0xff, sizeof(shared->queue));
}

/* The thread whose join has returned may destroy the queue at once. */
void hd_workload_join_and_destroy(void *state)
{
    struct queue_shared *shared = state;

    join(shared);
    shared->kind->destroy(&shared->queue);
    memset(&shared->queue, 0xff, sizeof(shared->queue));
}

/* ---- Checks ---------------------------------------------------------------------------------- */

static uint64_t take_size(const struct queue_shared *shared)
{
    hd_history_call(&shared->queue, HD_OP_SIZE, 0);
    uint64_t size = shared->kind->size(&shared->queue);

    hd_history_return(&shared->queue, HD_OK, size);
    return size;
}

void hd_workload_check(const void *state) { (void)take_size(state); }

void hd_workload_check_empty(const void *state) { HD_EXPECT(take_size(state) == 0); }
