/*
 * Ring: producers and consumers claim a position each with one compare-and-swap; the turn of the
 * slot says when its owner is done with it.
 *
 * Position p uses slot p mod capacity in round p - p mod capacity. A slot whose turn is the round
 * may be filled by the put of that position, one whose turn is the round + 1 emptied by its get,
 * which then sets the turn of the next round. Turns only grow, so no stale thread can mistake one
 * for another.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/ring.h>

#include <stdbool.h>

enum hd_result hd_ring_init(struct hd_ring *ring, struct hd_ring_slot *slots, size_t capacity)
{
    if (capacity < 2 || (capacity & (capacity - 1)) != 0) {
        return HD_INVALID;
    }
    *ring = (struct hd_ring)HD_RING_INITIALIZER(slots, capacity);
    for (size_t i = 0; i < capacity; i++) {
        slots[i] = (struct hd_ring_slot){.turn = 0, .item = NULL};
    }
    return HD_OK;
}

void hd_ring_destroy(struct hd_ring *ring) { (void)ring; }

static uint64_t load_turn(const struct hd_ring_slot *slot)
{
    /* Acquire: pairs with the releases in hd_ring_try_put() and hd_ring_try_get(). */
    return __atomic_load_n(&slot->turn, __ATOMIC_ACQUIRE);
}

static uint64_t load_index(const uint64_t *index)
{
    /* Acquire: pairs with the release in claim(). */
    return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

/* Claim *position by moving `index` past it; on failure *position is where the index is now. */
/* NOLINTNEXTLINE(readability-non-const-parameter): it does not see that a builtin writes. */
static bool claim(uint64_t *index, uint64_t *position)
{
    /* The turn orders the accesses to the slot. Release and acquire, so that who sees an index sees
     * what its mover saw of the other: HD_FULL and HD_EMPTY are never said of a ring that was not.
     * Pairs with itself and with load_index(). */
    return __atomic_compare_exchange_n(index, position, *position + 1, true, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

/* Move *position to where `index` is now; false if it is there already. */
static bool catch_up(const uint64_t *index, uint64_t *position)
{
    uint64_t now = load_index(index);
    bool has_moved = now != *position;

    *position = now;
    return has_moved;
}

enum hd_result hd_ring_try_put(struct hd_ring *ring, void *item)
{
    struct hd_ring_slot *const slots = ring->slots;
    const uint64_t mask = ring->capacity - 1;
    uint64_t position = load_index(&ring->tail);

    for (;;) {
        struct hd_ring_slot *slot = &slots[position & mask];
        uint64_t round = position & ~mask;
        uint64_t turn = load_turn(slot);

        if (turn == round && claim(&ring->tail, &position)) {
            slot->item = item;
            /* Release: publishes the item. Pairs with the acquire in load_turn(). */
            __atomic_store_n(&slot->turn, turn + 1, __ATOMIC_RELEASE);
            return HD_OK;
        }
        if (turn != round && !catch_up(&ring->tail, &position)) {
            /* The slot still has its item of the round before, or is just being emptied. */
            uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);

            return head + ring->capacity <= position ? HD_FULL : HD_BUSY;
        }
    }
}

enum hd_result hd_ring_try_get(struct hd_ring *ring, void **item)
{
    struct hd_ring_slot *const slots = ring->slots;
    const uint64_t mask = ring->capacity - 1;
    uint64_t position = load_index(&ring->head);

    for (;;) {
        struct hd_ring_slot *slot = &slots[position & mask];
        uint64_t round = position & ~mask;
        uint64_t turn = load_turn(slot);

        if (turn == round + 1 && claim(&ring->head, &position)) {
            *item = slot->item;
            /* Release: gives the slot back. Pairs with the acquire in load_turn(). */
            __atomic_store_n(&slot->turn, turn + mask, __ATOMIC_RELEASE);
            return HD_OK;
        }
        if (turn != round + 1 && !catch_up(&ring->head, &position)) {
            /* The slot has no item yet: nobody has put one, or somebody is just putting it. */
            uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);

            return tail == position ? HD_EMPTY : HD_BUSY;
        }
    }
}

size_t hd_ring_size(const struct hd_ring *ring)
{
    uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);
    uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
    uint64_t size = tail > head ? tail - head : 0;

    return size < ring->capacity ? size : ring->capacity;
}
