/*
 * Ring: a bounded queue without locks, for any number of producers and consumers. It never waits.
 *
 *     static struct hd_ring_slot slots[1024];
 *     static struct hd_ring ring = HD_RING_INITIALIZER(slots, 1024);
 *
 *     result = hd_ring_try_put(&ring, job);
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  try_put  try_get  size  destroy
 *                 init        X       X        X      X       X
 *                 try_put     X       -        -      -       X
 *                 try_get     X       -        -      -       X
 *                 size        X       -        -      -       X
 *                 destroy     X       X        X      X       X
 *
 * Lifetime      The ring may be destroyed once every call on it has returned.
 * Ordering      A put happens before the get of its item, and a get happens before the put that
 *               re-uses its slot.
 * Progress      No operation waits for another thread. A thread that is stopped in the middle of an
 *               operation holds up its slot: the others go on until they come to it, and get
 *               HD_BUSY there. So the ring is not lock-free in the strict sense.
 * Fairness      Items leave in the order in which their puts claimed their places.
 * Fork          The child may use it if no other thread was in the middle of an operation.
 * Source        Vyukov, "Bounded MPMC queue", 1024cores; departures: turns count from 0 in each
 *               slot, so that zeroed memory is an empty ring, and a slot in transit is HD_BUSY
 *               instead of HD_EMPTY or HD_FULL (docs/decisions/0002-ring-busy.md).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_RING_H
#define HEDDLE_RING_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/cache_line.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One place of the ring. `turn` is the position of the operation that may use the slot next,
 * rounded down to a multiple of the capacity, plus 1 if that operation is a get.
 */
struct hd_ring_slot {
    uint64_t turn; /* atomic */
    void *item;    /* owned by the operation whose turn it is */
};

struct hd_ring {
    struct hd_ring_slot *slots; /* constant after init */
    uint64_t capacity;          /* constant after init; a power of two, at least 2 */
    char padding_tail[HD_CACHE_LINE_SIZE];
    uint64_t tail; /* atomic: position of the next put; grows by one with each */
    char padding_head[HD_CACHE_LINE_SIZE];
    uint64_t head; /* atomic: position of the next get; at most tail */
    char padding_end[HD_CACHE_LINE_SIZE];
};

/* `slots` is a zeroed array of `capacity` slots; `capacity` is a power of two, at least 2. */
#define HD_RING_INITIALIZER(slots, capacity) {(slots), (capacity), {0}, 0, {0}, 0, {0}}

/*
 * Make `ring` an empty ring over the array `slots`.
 *
 * Requires    Nobody uses *ring or the array.
 * Blocks      No.
 * Returns     HD_OK       it is ready.
 *             HD_INVALID  capacity is not a power of two or less than 2; nothing has changed.
 * Ownership   The array stays the caller's and must live as long as the ring.
 * Ordering    None; publish the ring to other threads by other means.
 */
HD_MUST_CHECK enum hd_result
hd_ring_init(struct hd_ring *ring, struct hd_ring_slot *slots, size_t capacity);

/*
 * End the life of `ring`. Items in it are forgotten.
 *
 * Requires    Nobody is calling into *ring.
 * Blocks      No.
 * Ordering    None.
 */
void hd_ring_destroy(struct hd_ring *ring);

/*
 * Append `item` if there is room.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK    the item is in the ring.
 *             HD_FULL  the ring was full.
 *             HD_BUSY  the slot in question is still being emptied by another thread: try again.
 *             On HD_FULL and HD_BUSY nothing has changed.
 * Ownership   On HD_OK `item` belongs to whoever gets it; else it stays the caller's. It may be
 *             NULL.
 * Ordering    On HD_OK, release to the get of this item.
 */
HD_MUST_CHECK enum hd_result hd_ring_try_put(struct hd_ring *ring, void *item);

/*
 * Take the oldest item if there is one.
 *
 * Requires    Initialised; `item` is not NULL.
 * Blocks      No.
 * Returns     HD_OK     *item is the item, which is no longer in the ring.
 *             HD_EMPTY  the ring was empty.
 *             HD_BUSY   the oldest item is still being put by another thread: try again.
 *             On HD_EMPTY and HD_BUSY nothing has changed, *item included.
 * Ownership   On HD_OK the item belongs to the caller.
 * Ordering    On HD_OK, acquire from the put of this item.
 */
HD_MUST_CHECK enum hd_result hd_ring_try_get(struct hd_ring *ring, void **item);

/*
 * How many items are in the ring, counting those in transit. Other threads may change that at any
 * time.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     0 to capacity; exact while no other thread puts or gets.
 * Ordering    None.
 */
size_t hd_ring_size(const struct hd_ring *ring);

#ifdef __cplusplus
}
#endif

#endif
