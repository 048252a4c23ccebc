/*
 * Broken queues behind the adapters of tests/reference: programs of operations must find each; see
 * operations.c.
 *
 * Each is an array with a place for every item of its life.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <heddle/check.h>
#include <heddle/specification.h>

#include "fuzz/operations/queue_operations.h"
#include "tests/reference/object.h"

struct queue {
    pthread_mutex_t mutex; /* of those that are right */
    uint32_t places_count; /* constant after create */
    uint32_t puts;         /* atomic: places that were taken */
    uint32_t gets;         /* atomic: places that were emptied */
    void *places[];        /* atomic: the item; NULL before and after */
};

static void *create(size_t capacity, size_t puts_max)
{
    if (capacity != 0) {
        return NULL;
    }
    struct queue *queue = hd_object_new(1, sizeof(*queue) + puts_max * sizeof(queue->places[0]));

    (void)pthread_mutex_init(&queue->mutex, NULL);
    queue->places_count = (uint32_t)puts_max;
    return queue;
}

static void destroy(void *bytes)
{
    struct queue *queue = bytes;

    (void)pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

static size_t capacity(void *queue)
{
    (void)queue;
    return SIZE_MAX;
}

static void fill(struct queue *queue, uint32_t place, void *item)
{
    HD_EXPECT(place < queue->places_count);
    /* Release: publishes the item. Pairs with the acquire in empty(). */
    __atomic_store_n(&queue->places[place], item, __ATOMIC_RELEASE);
}

/* The item of that place, which is empty then; NULL if it was. */
static void *empty(struct queue *queue, uint32_t place)
{
    /* Acquire: pairs with the release in fill(). */
    return __atomic_exchange_n(&queue->places[place], NULL, __ATOMIC_ACQUIRE);
}

static uint32_t load(const uint32_t *count) { return __atomic_load_n(count, __ATOMIC_RELAXED); }

static void store_puts(struct queue *queue, uint32_t puts)
{
    __atomic_store_n(&queue->puts, puts, __ATOMIC_RELAXED);
}

static enum hd_result put(void *bytes, void *item, int64_t priority)
{
    struct queue *queue = bytes;

    (void)priority;
    (void)pthread_mutex_lock(&queue->mutex);
    uint32_t place = load(&queue->puts);

    fill(queue, place, item);
    store_puts(queue, place + 1);
    (void)pthread_mutex_unlock(&queue->mutex);
    return HD_OK;
}

static enum hd_result get(void *bytes, void **item)
{
    struct queue *queue = bytes;

    (void)pthread_mutex_lock(&queue->mutex);
    bool is_empty = load(&queue->puts) == load(&queue->gets);

    if (!is_empty) {
        *item = empty(queue, __atomic_fetch_add(&queue->gets, 1, __ATOMIC_RELAXED));
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return is_empty ? HD_EMPTY : HD_OK;
}

/* ---- It loses an item ------------------------------------------------------------------------ */

/* The load and the store are the mistake: two puts may take the same place. */
static enum hd_result put_without_lock(void *bytes, void *item, int64_t priority)
{
    struct queue *queue = bytes;
    uint32_t place = load(&queue->puts);

    (void)priority;
    fill(queue, place, item);
    store_puts(queue, place + 1);
    return HD_OK;
}

static const struct hd_queue_adapter right = {
    .create = create,
    .destroy = destroy,
    .capacity = capacity,
    .try_put = put,
    .try_get = get,
};

static void setup_right(void *state)
{
    hd_queue_operations_begin_free(state, &right, &hd_specification_fifo_queue);
}

static void setup_loser(void *state)
{
    static const struct hd_queue_adapter adapter = {
        .create = create,
        .destroy = destroy,
        .capacity = capacity,
        .try_put = put_without_lock,
        .try_get = get,
    };

    hd_queue_operations_begin_free(state, &adapter, &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_find_queue_that_loses = {
    .summary = "programs of operations on a queue in which two puts may take the same place",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_loser,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};

/* ---- It swaps two items ---------------------------------------------------------------------- */

/* Under mutex: the item that was put last. */
static void *take_newest(struct queue *queue)
{
    uint32_t place = load(&queue->puts) - 1;

    store_puts(queue, place);
    return empty(queue, place);
}

/* The look before the lock is the mistake: it takes what was put meanwhile for the oldest item. */
static enum hd_result get_what_came(void *bytes, void **item)
{
    struct queue *queue = bytes;
    uint32_t puts = load(&queue->puts);

    (void)pthread_mutex_lock(&queue->mutex);
    if (load(&queue->puts) == puts) {
        (void)pthread_mutex_unlock(&queue->mutex);
        return get(queue, item);
    }
    bool is_empty = load(&queue->puts) == load(&queue->gets);

    if (!is_empty) {
        *item = take_newest(queue);
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return is_empty ? HD_EMPTY : HD_OK;
}

static void setup_swapper(void *state)
{
    static const struct hd_queue_adapter adapter = {
        .create = create,
        .destroy = destroy,
        .capacity = capacity,
        .try_put = put,
        .try_get = get_what_came,
    };

    hd_queue_operations_begin_free(state, &adapter, &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_find_queue_that_swaps = {
    .summary = "programs of operations on a queue whose gets take an item that came meanwhile",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_swapper,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};
