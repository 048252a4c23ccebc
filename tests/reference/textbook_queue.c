/*
 * Textbook queue: one mutex, one condition variable, an array without order.
 *
 * As simple as a queue of all three kinds can be, so that it is plainly right: every change wakes
 * everybody, and a get looks at all items for the one that must leave first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdlib.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/posix.h"

enum order { OLDEST_FIRST, NEWEST_FIRST, LEAST_FIRST };

struct entry {
    int64_t priority;
    uint64_t arrival;
    void *item;
};

struct textbook_queue {
    enum order order; /* constant after create */
    size_t capacity;  /* constant after create; SIZE_MAX if not bounded */
    size_t room;      /* constant after create: items there is memory for */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct entry *entries; /* under mutex: `count`, in no order */
    size_t count;          /* under mutex */
    size_t unfinished;     /* under mutex: items put and not yet done */
    uint64_t arrivals;     /* under mutex: puts so far */
    bool is_shut;          /* under mutex */
};

static void *create(enum order order, size_t capacity, size_t puts_max)
{
    struct textbook_queue *queue = hd_object_new(1, sizeof(*queue));
    pthread_condattr_t attributes;

    queue->order = order;
    queue->capacity = capacity == 0 ? SIZE_MAX : capacity;
    queue->room = capacity == 0 ? puts_max : capacity;
    queue->entries = hd_object_new(queue->room, sizeof(*queue->entries));
    if (pthread_mutex_init(&queue->mutex, NULL) != 0 || pthread_condattr_init(&attributes) != 0 ||
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&queue->changed, &attributes) != 0 ||
        pthread_condattr_destroy(&attributes) != 0) {
        abort();
    }
    return queue;
}

static void *fifo_create(size_t capacity, size_t puts_max)
{
    return create(OLDEST_FIRST, capacity, puts_max);
}

static void *lifo_create(size_t capacity, size_t puts_max)
{
    return create(NEWEST_FIRST, capacity, puts_max);
}

static void *priority_create(size_t capacity, size_t puts_max)
{
    return create(LEAST_FIRST, capacity, puts_max);
}

static void destroy(void *object)
{
    struct textbook_queue *queue = object;

    if (pthread_cond_destroy(&queue->changed) != 0 || pthread_mutex_destroy(&queue->mutex) != 0) {
        abort();
    }
    free(queue->entries);
    free(queue);
}

static size_t capacity(void *queue) { return ((struct textbook_queue *)queue)->capacity; }

static void lock(struct textbook_queue *queue)
{
    if (pthread_mutex_lock(&queue->mutex) != 0) {
        abort();
    }
}

static void unlock(struct textbook_queue *queue)
{
    if (pthread_mutex_unlock(&queue->mutex) != 0) {
        abort();
    }
}

static void say_changed(struct textbook_queue *queue)
{
    if (pthread_cond_broadcast(&queue->changed) != 0) {
        abort();
    }
}

/* Under mutex. Waits for a change; HD_TIMEOUT if the deadline comes first. */
static enum hd_result wait_for_change(struct textbook_queue *queue, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_monotonic(deadline_ns);

    return hd_posix_result(pthread_cond_timedwait(&queue->changed, &queue->mutex, &deadline));
}

static enum hd_result put_until(void *object, void *item, int64_t priority, uint64_t deadline_ns)
{
    struct textbook_queue *queue = object;
    enum hd_result result = HD_OK;

    lock(queue);
    while (!queue->is_shut && queue->count >= queue->capacity && result == HD_OK) {
        result = wait_for_change(queue, deadline_ns);
    }
    if (queue->is_shut) {
        result = HD_SHUTDOWN;
    } else if (queue->count < queue->capacity) {
        if (queue->count == queue->room) {
            abort(); /* the test puts more than it said */
        }
        queue->entries[queue->count++] = (struct entry){
            .priority = priority,
            .arrival = queue->arrivals++,
            .item = item,
        };
        queue->unfinished++;
        say_changed(queue);
        result = HD_OK;
    }
    unlock(queue);
    return result;
}

static enum hd_result put(void *queue, void *item, int64_t priority)
{
    return put_until(queue, item, priority, HD_FOREVER);
}

static enum hd_result try_put(void *queue, void *item, int64_t priority)
{
    enum hd_result result = put_until(queue, item, priority, 0);

    return result == HD_TIMEOUT ? HD_FULL : result;
}

static bool leaves_before(enum order order, const struct entry *left, const struct entry *right)
{
    switch (order) {
    case OLDEST_FIRST:
        return left->arrival < right->arrival;
    case NEWEST_FIRST:
        return left->arrival > right->arrival;
    case LEAST_FIRST:
        return left->priority < right->priority ||
               (left->priority == right->priority && left->arrival < right->arrival);
    }
    abort();
}

/* Under mutex; there is an item. */
static void *take_first(struct textbook_queue *queue)
{
    size_t first = 0;
    void *item;

    for (size_t entry = 1; entry < queue->count; entry++) {
        if (leaves_before(queue->order, &queue->entries[entry], &queue->entries[first])) {
            first = entry;
        }
    }
    item = queue->entries[first].item;
    queue->entries[first] = queue->entries[--queue->count];
    return item;
}

static enum hd_result get_until(void *object, void **item, uint64_t deadline_ns)
{
    struct textbook_queue *queue = object;
    enum hd_result result = HD_OK;

    lock(queue);
    while (!queue->is_shut && queue->count == 0 && result == HD_OK) {
        result = wait_for_change(queue, deadline_ns);
    }
    if (queue->count != 0) {
        *item = take_first(queue);
        say_changed(queue);
        result = HD_OK;
    } else if (queue->is_shut) {
        result = HD_SHUTDOWN;
    }
    unlock(queue);
    return result;
}

static enum hd_result get(void *queue, void **item) { return get_until(queue, item, HD_FOREVER); }

static enum hd_result try_get(void *queue, void **item)
{
    enum hd_result result = get_until(queue, item, 0);

    return result == HD_TIMEOUT ? HD_EMPTY : result;
}

static size_t size(void *object)
{
    struct textbook_queue *queue = object;
    size_t count;

    lock(queue);
    count = queue->count;
    unlock(queue);
    return count;
}

static enum hd_result task_done(void *object)
{
    struct textbook_queue *queue = object;
    enum hd_result result = HD_OVERFLOW;

    lock(queue);
    if (queue->unfinished != 0) {
        queue->unfinished--;
        say_changed(queue);
        result = HD_OK;
    }
    unlock(queue);
    return result;
}

static enum hd_result join_until(void *object, uint64_t deadline_ns)
{
    struct textbook_queue *queue = object;
    enum hd_result result = HD_OK;

    lock(queue);
    while (queue->unfinished != 0 && result == HD_OK) {
        result = wait_for_change(queue, deadline_ns);
    }
    if (queue->unfinished == 0) {
        result = HD_OK;
    }
    unlock(queue);
    return result;
}

static void shut_down(void *object, bool immediate)
{
    struct textbook_queue *queue = object;

    lock(queue);
    queue->is_shut = true;
    if (immediate) {
        queue->unfinished -= queue->count < queue->unfinished ? queue->count : queue->unfinished;
        queue->count = 0;
    }
    say_changed(queue);
    unlock(queue);
}

enum {
    TEXTBOOK_CAN = HD_CAN_TRY | HD_CAN_TIME | HD_CAN_REFUSE | HD_CAN_TELL | HD_CAN_TELL_LIVE |
                   HD_CAN_BLOCK | HD_CAN_SHUT | HD_CAN_REUSE
};

const struct hd_queue_adapter hd_textbook_fifo_adapter = {
    .name = "textbook queue (pthread)",
    .can = TEXTBOOK_CAN,
    .create = fifo_create,
    .destroy = destroy,
    .capacity = capacity,
    .put = put,
    .try_put = try_put,
    .put_until = put_until,
    .get = get,
    .try_get = try_get,
    .get_until = get_until,
    .size = size,
    .task_done = task_done,
    .join_until = join_until,
    .shutdown = shut_down,
};

const struct hd_queue_adapter hd_textbook_lifo_adapter = {
    .name = "textbook stack (pthread)",
    .can = TEXTBOOK_CAN,
    .create = lifo_create,
    .destroy = destroy,
    .capacity = capacity,
    .put = put,
    .try_put = try_put,
    .put_until = put_until,
    .get = get,
    .try_get = try_get,
    .get_until = get_until,
    .size = size,
    .task_done = task_done,
    .join_until = join_until,
    .shutdown = shut_down,
};

const struct hd_queue_adapter hd_textbook_priority_adapter = {
    .name = "textbook priority queue (pthread)",
    .can = TEXTBOOK_CAN,
    .create = priority_create,
    .destroy = destroy,
    .capacity = capacity,
    .put = put,
    .try_put = try_put,
    .put_until = put_until,
    .get = get,
    .try_get = try_get,
    .get_until = get_until,
    .size = size,
    .task_done = task_done,
    .join_until = join_until,
    .shutdown = shut_down,
};
