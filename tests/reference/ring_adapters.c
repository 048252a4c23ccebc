/*
 * Rings: hd_ring, CK's ring for many producers and consumers, and the textbook queue; and for one
 * producer and one consumer hd_spsc_ring, the same ring of CK's in that mode, and the textbook
 * queue.
 *
 * CK's ring leaves one place empty, so it holds one item less than a power of two. One of many
 * consumers copies an item before it knows that the item is its own, while a producer may be
 * writing the next one there. It throws away what it read then, but it is a race in C11
 * (known_races/ring_mpmc_copy.c): under ThreadSanitizer that ring cannot REUSE its places.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdlib.h>

#include <ck_ring.h>

#include <heddle/ring.h>
#include <heddle/spsc_ring.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/ordering.h"

/* The least power of two that is not less than `least`, from 2 on. */
static size_t round_up(size_t least)
{
    size_t power = 2;

    while (power < least) {
        power *= 2;
    }
    return power;
}

struct hd_any_ring {
    struct hd_ring ring;
    struct hd_spsc_ring spsc_ring; /* one of the two is used */
    void *slots;                   /* constant after create */
    size_t capacity;               /* constant after create */
};

static void *hd_create(size_t capacity, size_t puts_max)
{
    struct hd_any_ring *ring;

    (void)puts_max;
    if (capacity == 0) {
        return NULL;
    }
    ring = hd_object_new(1, sizeof(*ring));
    ring->capacity = round_up(capacity);
    ring->slots = hd_object_new(ring->capacity, sizeof(struct hd_ring_slot));
    if (hd_ring_init(&ring->ring, ring->slots, ring->capacity) != HD_OK) {
        abort();
    }
    return ring;
}

static void hd_destroy(void *object)
{
    struct hd_any_ring *ring = object;

    hd_ring_destroy(&ring->ring);
    free(ring->slots);
    free(ring);
}

static size_t hd_capacity(void *ring) { return ((struct hd_any_ring *)ring)->capacity; }

static enum hd_result hd_try_put(void *ring, void *item, int64_t priority)
{
    (void)priority;
    return hd_ring_try_put(&((struct hd_any_ring *)ring)->ring, item);
}

static enum hd_result hd_try_get(void *ring, void **item)
{
    return hd_ring_try_get(&((struct hd_any_ring *)ring)->ring, item);
}

static size_t hd_size(void *ring) { return hd_ring_size(&((struct hd_any_ring *)ring)->ring); }

static void *spsc_create(size_t capacity, size_t puts_max)
{
    struct hd_any_ring *ring;

    (void)puts_max;
    if (capacity == 0) {
        return NULL;
    }
    ring = hd_object_new(1, sizeof(*ring));
    ring->capacity = round_up(capacity);
    ring->slots = hd_object_new(ring->capacity, sizeof(void *));
    if (hd_spsc_ring_init(&ring->spsc_ring, (void **)ring->slots, ring->capacity) != HD_OK) {
        abort();
    }
    return ring;
}

static void spsc_destroy(void *object)
{
    struct hd_any_ring *ring = object;

    hd_spsc_ring_destroy(&ring->spsc_ring);
    free(ring->slots);
    free(ring);
}

static enum hd_result spsc_try_put(void *ring, void *item, int64_t priority)
{
    (void)priority;
    return hd_spsc_ring_try_put(&((struct hd_any_ring *)ring)->spsc_ring, item);
}

static enum hd_result spsc_try_get(void *ring, void **item)
{
    return hd_spsc_ring_try_get(&((struct hd_any_ring *)ring)->spsc_ring, item);
}

static size_t spsc_size(void *ring)
{
    return hd_spsc_ring_size(&((struct hd_any_ring *)ring)->spsc_ring);
}

struct ck_any_ring {
    struct ck_ring ring;
    struct ck_ring_buffer *slots; /* constant after create */
};

static void *ck_create(size_t capacity, size_t puts_max)
{
    struct ck_any_ring *ring;
    size_t size = round_up(capacity + 1);

    (void)puts_max;
    if (capacity == 0) {
        return NULL;
    }
    ring = hd_object_new(1, sizeof(*ring));
    ring->slots = hd_object_new(size, sizeof(*ring->slots));
    ck_ring_init(&ring->ring, (unsigned)size);
    return ring;
}

static void ck_destroy(void *object)
{
    struct ck_any_ring *ring = object;

    free(ring->slots);
    free(ring);
}

static size_t ck_capacity(void *ring)
{
    return ck_ring_capacity(&((struct ck_any_ring *)ring)->ring) - 1;
}

static size_t ck_size(void *ring) { return ck_ring_size(&((struct ck_any_ring *)ring)->ring); }

static enum hd_result ck_mpmc_try_put(void *object, void *item, int64_t priority)
{
    struct ck_any_ring *ring = object;

    (void)priority;
    return ck_ring_enqueue_mpmc(&ring->ring, ring->slots, item) ? HD_OK : HD_FULL;
}

static enum hd_result ck_mpmc_try_get(void *object, void **item)
{
    struct ck_any_ring *ring = object;
    void *value = NULL;

    if (!ck_ring_dequeue_mpmc(&ring->ring, ring->slots, (void *)&value)) {
        return HD_EMPTY;
    }
    *item = value;
    return HD_OK;
}

static enum hd_result ck_spsc_try_put(void *object, void *item, int64_t priority)
{
    struct ck_any_ring *ring = object;

    (void)priority;
    return ck_ring_enqueue_spsc(&ring->ring, ring->slots, item) ? HD_OK : HD_FULL;
}

static enum hd_result ck_spsc_try_get(void *object, void **item)
{
    struct ck_any_ring *ring = object;
    void *value = NULL;

    if (!ck_ring_dequeue_spsc(&ring->ring, ring->slots, (void *)&value)) {
        return HD_EMPTY;
    }
    *item = value;
    return HD_OK;
}

static const struct hd_queue_adapter hd_ring_adapter = {
    .name = "hd_ring",
    .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_REUSE,
    .create = hd_create,
    .destroy = hd_destroy,
    .capacity = hd_capacity,
    .try_put = hd_try_put,
    .try_get = hd_try_get,
    .size = hd_size,
};

static const struct hd_queue_adapter hd_spsc_ring_adapter = {
    .name = "hd_spsc_ring",
    .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_REUSE,
    .create = spsc_create,
    .destroy = spsc_destroy,
    .capacity = hd_capacity,
    .try_put = spsc_try_put,
    .try_get = spsc_try_get,
    .size = spsc_size,
};

const struct hd_queue_adapter hd_ck_ring_mpmc_adapter = {
    .name = "ck_ring_mpmc",
    .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | (HD_UNDER_TSAN ? 0 : HD_CAN_REUSE),
    .create = ck_create,
    .destroy = ck_destroy,
    .capacity = ck_capacity,
    .try_put = ck_mpmc_try_put,
    .try_get = ck_mpmc_try_get,
    .size = ck_size,
};

const struct hd_queue_adapter hd_ck_ring_spsc_adapter = {
    .name = "ck_ring_spsc",
    .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_REUSE,
    .create = ck_create,
    .destroy = ck_destroy,
    .capacity = ck_capacity,
    .try_put = ck_spsc_try_put,
    .try_get = ck_spsc_try_get,
    .size = ck_size,
};

const struct hd_queue_adapter *const hd_ring_adapters[] = {
    &hd_ring_adapter,
    &hd_ck_ring_mpmc_adapter,
    &hd_textbook_fifo_adapter,
};
const size_t hd_ring_adapters_count = sizeof(hd_ring_adapters) / sizeof(hd_ring_adapters[0]);

const struct hd_queue_adapter *const hd_spsc_ring_adapters[] = {
    &hd_spsc_ring_adapter,
    &hd_ck_ring_spsc_adapter,
    &hd_textbook_fifo_adapter,
};
const size_t hd_spsc_ring_adapters_count =
    sizeof(hd_spsc_ring_adapters) / sizeof(hd_spsc_ring_adapters[0]);
