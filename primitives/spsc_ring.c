/*
 * Single-producer single-consumer ring: each side owns one index and remembers what it last saw of
 * the other's. As long as that shows room, or items, no cache line moves but those of the slots.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/spsc_ring.h>

enum hd_result hd_spsc_ring_init(struct hd_spsc_ring *ring, void **slots, size_t capacity)
{
    if (capacity == 0 || (capacity & (capacity - 1)) != 0) {
        return HD_INVALID;
    }
    *ring = (struct hd_spsc_ring)HD_SPSC_RING_INITIALIZER(slots, capacity);
    return HD_OK;
}

void hd_spsc_ring_destroy(struct hd_spsc_ring *ring) { (void)ring; }

enum hd_result hd_spsc_ring_try_put(struct hd_spsc_ring *ring, void *item)
{
    /* Relaxed: only this thread writes it. */
    uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);

    if (tail - ring->head_seen == ring->capacity) {
        /* Acquire: the slots up to head are emptied. Pairs with the release in _try_get(). */
        ring->head_seen = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
        if (tail - ring->head_seen == ring->capacity) {
            return HD_FULL;
        }
    }
    ring->slots[tail & (ring->capacity - 1)] = item;
    /* Release: publishes the item. Pairs with the acquire in _try_get(). */
    __atomic_store_n(&ring->tail, tail + 1, __ATOMIC_RELEASE);
    return HD_OK;
}

enum hd_result hd_spsc_ring_try_get(struct hd_spsc_ring *ring, void **item)
{
    /* Relaxed: only this thread writes it. */
    uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);

    if (head == ring->tail_seen) {
        /* Acquire: the items up to tail are there. Pairs with the release in _try_put(). */
        ring->tail_seen = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
        if (head == ring->tail_seen) {
            return HD_EMPTY;
        }
    }
    *item = ring->slots[head & (ring->capacity - 1)];
    /* Release: gives the slot back. Pairs with the acquire in _try_put(). */
    __atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
    return HD_OK;
}

size_t hd_spsc_ring_size(const struct hd_spsc_ring *ring)
{
    uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);
    uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
    uint64_t size = tail > head ? tail - head : 0;

    return size < ring->capacity ? size : ring->capacity;
}
