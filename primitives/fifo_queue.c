/*
 * FIFO queue: the items in a ring that doubles when it is full; putters and getters under guards of
 * their own.
 *
 * Getters take what they know to be there, up to `puts_seen`, under get_guard alone, and look for
 * more under both guards only when that is used up. So a producer and a consumer meet once for each
 * batch that has gathered, not once for each item.
 *
 * Source: the two locks are those of Michael and Scott, "Simple, Fast, and Practical Non-Blocking
 * and Blocking Concurrent Queue Algorithms", 1996; the batches are as in a ring with remembered
 * indices.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/fifo_queue.h>

#include <stdlib.h>

#include "primitives/queue.h"
#include "primitives/word_lock.h"

/* The place of the item of `position`. base.allocated is a power of two. */
static void **place(const struct hd_fifo_queue *queue, uint64_t position)
{
    void **items = (void **)queue->base.items;

    return &items[position & (queue->base.allocated - 1)];
}

/* Double the ring; false if there is no memory. Under both guards. */
static bool grow(struct hd_fifo_queue *queue)
{
    struct hd_queue *base = &queue->base;
    const size_t allocated_before = base->allocated;

    if (!hd_queue_grow(base, sizeof(void *))) {
        return false;
    }
    for (uint64_t i = base->gets; i != base->puts; i++) {
        /* The items whose position has the new bit move to the new half. */
        if ((i & allocated_before) != 0) {
            *place(queue, i) = *place(queue, i - allocated_before);
        }
    }
    return true;
}

/* Double the ring, unless it has room by now; false if there is no memory. Without guards. */
static bool make_room(struct hd_fifo_queue *queue)
{
    hd_word_lock_acquire(&queue->get_guard);
    hd_word_lock_acquire(&queue->base.guard);
    bool has_room = hd_queue_has_room(&queue->base) || grow(queue);

    (void)hd_word_lock_release(&queue->get_guard);
    hd_queue_put_cancel(&queue->base);
    return has_room;
}

void hd_fifo_queue_init(struct hd_fifo_queue *queue, size_t capacity)
{
    *queue = (struct hd_fifo_queue)HD_FIFO_QUEUE_INITIALIZER(capacity);
}

void hd_fifo_queue_destroy(struct hd_fifo_queue *queue) { free(queue->base.items); }

enum hd_result hd_fifo_queue_put(struct hd_fifo_queue *queue, void *item)
{
    return hd_fifo_queue_put_until(queue, item, HD_FOREVER);
}

enum hd_result hd_fifo_queue_try_put(struct hd_fifo_queue *queue, void *item)
{
    return hd_queue_try_result(hd_fifo_queue_put_until(queue, item, 0), HD_FULL);
}

enum hd_result
hd_fifo_queue_put_until(struct hd_fifo_queue *queue, void *item, uint64_t deadline_ns)
{
    enum hd_result result = hd_queue_put_begin(&queue->base, deadline_ns);

    while (result == HD_OK && !hd_queue_has_room(&queue->base)) {
        (void)hd_word_lock_release(&queue->base.guard);
        if (!make_room(queue)) {
            return HD_NO_MEMORY;
        }
        result = hd_queue_put_begin(&queue->base, deadline_ns);
    }
    if (result == HD_OK) {
        *place(queue, queue->base.puts) = item;
        hd_queue_put_end(&queue->base);
    }
    return result;
}

enum hd_result hd_fifo_queue_get(struct hd_fifo_queue *queue, void **item)
{
    return hd_fifo_queue_get_until(queue, item, HD_FOREVER);
}

enum hd_result hd_fifo_queue_try_get(struct hd_fifo_queue *queue, void **item)
{
    return hd_queue_try_result(hd_fifo_queue_get_until(queue, item, 0), HD_EMPTY);
}

/*
 * Under get_guard, all known items being taken: look for more, and wait for some without get_guard.
 * On HD_OK get_guard is held, and the caller looks again; else it is released.
 */
static enum hd_result await_items(struct hd_fifo_queue *queue, uint64_t deadline_ns)
{
    if (deadline_ns != 0) {
        hd_queue_look_for_items(&queue->base);
    }
    enum hd_result result = hd_queue_get_begin(&queue->base, 0);

    if (result == HD_OK) {
        queue->puts_seen = queue->base.puts;
        (void)hd_word_lock_release(&queue->base.guard);
        return HD_OK;
    }
    (void)hd_word_lock_release(&queue->get_guard);
    if (result == HD_TIMEOUT && deadline_ns != 0) {
        result = hd_queue_get_begin(&queue->base, deadline_ns);
        if (result == HD_OK) {
            (void)hd_word_lock_release(&queue->base.guard);
            hd_word_lock_acquire(&queue->get_guard);
        }
    }
    return result;
}

enum hd_result
hd_fifo_queue_get_until(struct hd_fifo_queue *queue, void **item, uint64_t deadline_ns)
{
    hd_word_lock_acquire(&queue->get_guard);
    /* More than were seen: an immediate shutdown drops what it finds. */
    while (queue->base.gets >= queue->puts_seen) {
        enum hd_result result = await_items(queue, deadline_ns);

        if (result != HD_OK) {
            return result;
        }
    }
    *item = *place(queue, queue->base.gets);
    hd_queue_take(&queue->base);
    (void)hd_word_lock_release(&queue->get_guard);
    return HD_OK;
}

size_t hd_fifo_queue_size(const struct hd_fifo_queue *queue) { return hd_queue_size(&queue->base); }

enum hd_result hd_fifo_queue_task_done(struct hd_fifo_queue *queue)
{
    return hd_queue_task_done(&queue->base);
}

void hd_fifo_queue_join(struct hd_fifo_queue *queue)
{
    (void)(hd_queue_join_until(&queue->base, HD_FOREVER) == HD_OK);
}

enum hd_result hd_fifo_queue_join_until(struct hd_fifo_queue *queue, uint64_t deadline_ns)
{
    return hd_queue_join_until(&queue->base, deadline_ns);
}

void hd_fifo_queue_shutdown(struct hd_fifo_queue *queue, bool immediate)
{
    hd_word_lock_acquire(&queue->get_guard);
    hd_queue_shutdown(&queue->base, immediate, &queue->get_guard);
}
