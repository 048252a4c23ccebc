/*
 * FIFO queue: a blocking queue whose oldest item leaves first.
 *
 *     static struct hd_fifo_queue jobs = HD_FIFO_QUEUE_INITIALIZER(64);
 *
 *     // Producers:
 *     result = hd_fifo_queue_put(&jobs, job);
 *
 *     // Consumers, until the queue is shut down:
 *     while (hd_fifo_queue_get(&jobs, &job) == HD_OK) {
 *         run(job);
 *         result = hd_fifo_queue_task_done(&jobs);
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                             init  *put*  *get*  size  task_done  join*  shutdown  destroy
 *                 init         X      X      X     X        X        X       X         X
 *                 *put*        X      -      -     -        -        -       -         X
 *                 *get*        X      -      -     -        -        -       -         X
 *                 size         X      -      -     -        -        -       -         X
 *                 task_done    X      -      -     -        -        -       -         X
 *                 join*        X      -      -     -        -        -       -         X
 *                 shutdown     X      -      -     -        -        -       -         X
 *                 destroy      X      X      X     X        X        X       X         X
 *
 * Capacity, Work, Shutdown, Lifetime, Ordering, Fairness, Fork   As <heddle/queue.h> says.
 * Source        Semantics of Python's queue.Queue.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FIFO_QUEUE_H
#define HEDDLE_FIFO_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/queue.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Positions count puts and gets: the item of position p is at place p mod base.allocated. */
struct hd_fifo_queue {
    struct hd_queue base; /* base.gets is written under get_guard */
    uint32_t get_guard;   /* atomic; the bits of struct hd_lock; taken before base.guard */
    uint64_t puts_seen;   /* under get_guard: a value that base.puts has had */
    char padding[HD_CACHE_LINE_SIZE];
};

/* `capacity` is a constant; 0 for any number. */
#define HD_FIFO_QUEUE_INITIALIZER(capacity) {HD_QUEUE_INITIALIZER(capacity), 0, 0, {0}}

/*
 * Make `queue` an empty queue. HD_FIFO_QUEUE_INITIALIZER does the same.
 *
 * Requires    Nobody uses *queue. A `capacity` of 0 means any number of items.
 * Blocks      No.
 * Ordering    None; publish the queue to other threads by other means.
 */
void hd_fifo_queue_init(struct hd_fifo_queue *queue, size_t capacity);

/*
 * End the life of `queue` and free its memory. Items in it are forgotten.
 *
 * Requires    Nobody waits for or is calling into *queue.
 * Blocks      No.
 * Ordering    None.
 */
void hd_fifo_queue_destroy(struct hd_fifo_queue *queue);

/*
 * Append `item`, waiting for room as long as it takes.
 *
 * Requires    Initialised.
 * Blocks      Yes, while the queue is full.
 * Returns     HD_OK         the item is in the queue.
 *             HD_SHUTDOWN   the queue was shut down; nothing has changed.
 *             HD_NO_MEMORY  the queue could not grow; nothing has changed.
 * Ownership   On HD_OK `item` belongs to whoever gets it; else it stays the caller's. It may be
 *             NULL.
 * Ordering    On HD_OK, release to the get of this item.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_put(struct hd_fifo_queue *queue, void *item);

/*
 * Append `item` if there is room.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK         the item is in the queue.
 *             HD_FULL       there was no room; nothing has changed.
 *             HD_SHUTDOWN   the queue was shut down; nothing has changed.
 *             HD_NO_MEMORY  the queue could not grow; nothing has changed.
 * Ownership   As hd_fifo_queue_put().
 * Ordering    On HD_OK, release to the get of this item.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_try_put(struct hd_fifo_queue *queue, void *item);

/*
 * Append `item`, waiting for room until `deadline_ns`.
 *
 * Requires    Initialised.
 * Blocks      Yes, while the queue is full. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK         the item is in the queue.
 *             HD_TIMEOUT    there was no room in time; nothing has changed.
 *             HD_SHUTDOWN   the queue was shut down; nothing has changed.
 *             HD_NO_MEMORY  the queue could not grow; nothing has changed.
 * Ownership   As hd_fifo_queue_put().
 * Ordering    On HD_OK, release to the get of this item.
 */
HD_MUST_CHECK enum hd_result
hd_fifo_queue_put_until(struct hd_fifo_queue *queue, void *item, uint64_t deadline_ns);

/*
 * Take the oldest item, waiting for one as long as it takes.
 *
 * Requires    Initialised; `item` is not NULL.
 * Blocks      Yes, while the queue is empty.
 * Returns     HD_OK        *item is the item, which is no longer in the queue.
 *             HD_SHUTDOWN  the queue was shut down and is empty; *item is unchanged.
 * Ownership   On HD_OK the item belongs to the caller.
 * Ordering    On HD_OK, acquire from the put of this item.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_get(struct hd_fifo_queue *queue, void **item);

/*
 * Take the oldest item if there is one.
 *
 * Requires    Initialised; `item` is not NULL.
 * Blocks      No.
 * Returns     HD_OK        *item is the item, which is no longer in the queue.
 *             HD_EMPTY     there was none; *item is unchanged.
 *             HD_SHUTDOWN  the queue was shut down and is empty; *item is unchanged.
 * Ownership   On HD_OK the item belongs to the caller.
 * Ordering    On HD_OK, acquire from the put of this item.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_try_get(struct hd_fifo_queue *queue, void **item);

/*
 * Take the oldest item, waiting for one until `deadline_ns`.
 *
 * Requires    Initialised; `item` is not NULL.
 * Blocks      Yes, while the queue is empty. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK        *item is the item, which is no longer in the queue.
 *             HD_TIMEOUT   none came in time; *item is unchanged.
 *             HD_SHUTDOWN  the queue was shut down and is empty; *item is unchanged.
 * Ownership   On HD_OK the item belongs to the caller.
 * Ordering    On HD_OK, acquire from the put of this item.
 */
HD_MUST_CHECK enum hd_result
hd_fifo_queue_get_until(struct hd_fifo_queue *queue, void **item, uint64_t deadline_ns);

/*
 * How many items are in the queue at this moment. Other threads may change that at any time.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     The number of items.
 * Ordering    None.
 */
size_t hd_fifo_queue_size(const struct hd_fifo_queue *queue);

/*
 * Say that the work for one item is done.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK        one task less; if it was the last, all joins return.
 *             HD_OVERFLOW  every item put so far was done already; nothing has changed.
 * Ordering    On HD_OK, release to the joins that it lets go.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_task_done(struct hd_fifo_queue *queue);

/*
 * Wait until the work for every item put is done.
 *
 * Requires    Initialised.
 * Blocks      Yes, while there are tasks.
 * Ordering    Acquire from every task_done so far.
 */
void hd_fifo_queue_join(struct hd_fifo_queue *queue);

/*
 * Wait until the work for every item put is done, or `deadline_ns` has come.
 *
 * Requires    Initialised.
 * Blocks      Yes, while there are tasks. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             test.
 * Returns     HD_OK       at one moment there were no tasks.
 *             HD_TIMEOUT  there were tasks up to the deadline.
 * Ordering    On HD_OK, acquire from every task_done so far.
 */
HD_MUST_CHECK enum hd_result hd_fifo_queue_join_until(struct hd_fifo_queue *queue,
                                                      uint64_t deadline_ns);

/*
 * Let no more items in; with `immediate`, drop those that are there. A second call may add
 * `immediate`.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Ownership   Items that are dropped are forgotten, not freed.
 * Ordering    Release to every call that it makes fail.
 */
void hd_fifo_queue_shutdown(struct hd_fifo_queue *queue, bool immediate);

#ifdef __cplusplus
}
#endif

#endif
