/*
 * Queue, inside the library: blocking, capacity, tasks and shutdown, for all three kinds of queue.
 *
 * A kind brings the order of its items and nothing else. Its put is: begin, make room, insert, end;
 * its get is: begin, remove, end. Between a begin that returned HD_OK and its end the guard is
 * held. The FIFO queue has a second guard for its getters and replaces the get's end by take().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_QUEUE_H
#define HEDDLE_PRIMITIVES_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/queue.h>

/*
 * Wait until an item may be put. HD_OK with the guard held; HD_TIMEOUT or HD_SHUTDOWN without. A
 * deadline of 0 never waits.
 */
enum hd_result hd_queue_put_begin(struct hd_queue *queue, uint64_t deadline_ns);

/* An item was inserted: count it, wake a getter. Releases the guard. */
void hd_queue_put_end(struct hd_queue *queue);

/* No item was inserted: let the next putter try. Releases the guard. */
void hd_queue_put_cancel(struct hd_queue *queue);

/* Look for an item for a moment, without the guard; for who would have to wait for one. */
void hd_queue_look_for_items(const struct hd_queue *queue);

/* Wait until there is an item. As hd_queue_put_begin(). */
enum hd_result hd_queue_get_begin(struct hd_queue *queue, uint64_t deadline_ns);

/* An item was removed: count it, wake a putter. Releases the guard. */
void hd_queue_get_end(struct hd_queue *queue);

/* An item was removed under a guard of the getters only: count it, wake a putter. */
void hd_queue_take(struct hd_queue *queue);

/* Whether the array has room for one more item. Under guard. */
bool hd_queue_has_room(struct hd_queue *queue);

/*
 * Make the array twice as large; false if there is no memory: then nothing has changed. Under
 * guard, and under the guard of the getters if they have one.
 */
bool hd_queue_grow(struct hd_queue *queue, size_t item_size);

size_t hd_queue_size(const struct hd_queue *queue);
enum hd_result hd_queue_task_done(struct hd_queue *queue);
enum hd_result hd_queue_join_until(struct hd_queue *queue, uint64_t deadline_ns);

/* Under `get_guard`, that of the getters, unless it is NULL: releases it before anybody goes. */
void hd_queue_shutdown(struct hd_queue *queue, bool immediate, uint32_t *get_guard);

/* A deadline of 0 never waits, so what it times out on is what a try reports. */
static inline enum hd_result hd_queue_try_result(enum hd_result result, enum hd_result otherwise)
{
    return result == HD_TIMEOUT ? otherwise : result;
}

#endif
