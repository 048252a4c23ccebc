/*
 * Single-producer single-consumer ring: a bounded queue between two threads. Wait-free.
 *
 *     static void *slots[1024];
 *     static struct hd_spsc_ring ring = HD_SPSC_RING_INITIALIZER(slots, 1024);
 *
 *     result = hd_spsc_ring_try_put(&ring, sample);
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  try_put  try_get  size  destroy
 *                 init        X       X        X      X       X
 *                 try_put     X       X        -      -       X
 *                 try_get     X       -        X      -       X
 *                 size        X       -        -      -       X
 *                 destroy     X       X        X      X       X
 *
 * Lifetime      The ring may be destroyed once every call on it has returned.
 * Ordering      A put happens before the get of its item, and a get happens before the put that
 *               re-uses its slot.
 * Progress      Wait-free: every operation ends after a fixed number of steps.
 * Fairness      Items leave in the order in which they came.
 * Fork          The child may use it if no other thread was in the middle of an operation.
 * Source        Lamport, "Specifying Concurrent Program Modules", 1983; each side keeps a copy of
 *               the other's index and reads the real one only when the copy says full or empty.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_SPSC_RING_H
#define HEDDLE_SPSC_RING_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/cache_line.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hd_spsc_ring {
    void **slots;      /* constant after init; [head, tail) belong to the consumer */
    uint64_t capacity; /* constant after init; a power of two */
    char padding_tail[HD_CACHE_LINE_SIZE];
    uint64_t tail;      /* atomic: position of the next put; written by the producer */
    uint64_t head_seen; /* producer only: a value that head has had */
    char padding_head[HD_CACHE_LINE_SIZE];
    uint64_t head;      /* atomic: position of the next get; written by the consumer */
    uint64_t tail_seen; /* consumer only: a value that tail has had */
    char padding_end[HD_CACHE_LINE_SIZE];
};

/* `slots` is an array of `capacity` pointers; `capacity` is a power of two. */
#define HD_SPSC_RING_INITIALIZER(slots, capacity) {(slots), (capacity), {0}, 0, 0, {0}, 0, 0, {0}}

/*
 * Make `ring` an empty ring over the array `slots`.
 *
 * Requires    Nobody uses *ring or the array.
 * Blocks      No.
 * Returns     HD_OK       it is ready.
 *             HD_INVALID  capacity is not a power of two; nothing has changed.
 * Ownership   The array stays the caller's and must live as long as the ring.
 * Ordering    None; publish the ring to other threads by other means.
 */
HD_MUST_CHECK enum hd_result
hd_spsc_ring_init(struct hd_spsc_ring *ring, void **slots, size_t capacity);

/*
 * End the life of `ring`. Items in it are forgotten.
 *
 * Requires    Nobody is calling into *ring.
 * Blocks      No.
 * Ordering    None.
 */
void hd_spsc_ring_destroy(struct hd_spsc_ring *ring);

/*
 * Append `item` if there is room.
 *
 * Requires    Initialised; no other thread is putting.
 * Blocks      No.
 * Returns     HD_OK    the item is in the ring.
 *             HD_FULL  the ring was full; nothing has changed.
 * Ownership   On HD_OK `item` belongs to whoever gets it; else it stays the caller's. It may be
 *             NULL.
 * Ordering    On HD_OK, release to the get of this item.
 */
HD_MUST_CHECK enum hd_result hd_spsc_ring_try_put(struct hd_spsc_ring *ring, void *item);

/*
 * Take the oldest item if there is one.
 *
 * Requires    Initialised; no other thread is getting; `item` is not NULL.
 * Blocks      No.
 * Returns     HD_OK     *item is the item, which is no longer in the ring.
 *             HD_EMPTY  the ring was empty; nothing has changed, *item included.
 * Ownership   On HD_OK the item belongs to the caller.
 * Ordering    On HD_OK, acquire from the put of this item.
 */
HD_MUST_CHECK enum hd_result hd_spsc_ring_try_get(struct hd_spsc_ring *ring, void **item);

/*
 * How many items are in the ring. The other threads may change that at any time.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     0 to capacity; exact while nobody else puts or gets.
 * Ordering    None.
 */
size_t hd_spsc_ring_size(const struct hd_spsc_ring *ring);

#ifdef __cplusplus
}
#endif

#endif
