/*
 * Single-producer single-consumer ring, explored: items arrive once, in order, and whole.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/spsc_ring.h>

#define CAPACITY 2
#define ITEMS 4

struct shared {
    struct hd_spsc_ring ring;
    void *slots[CAPACITY];
    int items[ITEMS]; /* written by the producer before its try */
    int puts;         /* the producer's: items that are in the ring or were */
    int gets;         /* the consumer's: items that it got */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_spsc_ring_init(&shared->ring, shared->slots, CAPACITY) == HD_OK);
    hd_history_begin(&shared->ring, &hd_specification_fifo_queue, CAPACITY);
}

static void put_four(void *state)
{
    struct shared *shared = state;

    for (int tries = 0; tries < ITEMS; tries++) {
        int item = shared->puts;

        shared->items[item] = item + 1;
        hd_history_call(&shared->ring, HD_OP_PUT, (uint64_t)item);
        enum hd_result result = hd_spsc_ring_try_put(&shared->ring, &shared->items[item]);

        hd_history_return(&shared->ring, (int)result, 0);
        HD_EXPECT(result == HD_OK || result == HD_FULL);
        if (result == HD_FULL) {
            return;
        }
        shared->puts++;
    }
}

static void get_four(void *state)
{
    struct shared *shared = state;

    for (int tries = 0; tries < ITEMS; tries++) {
        void *value = NULL;

        hd_history_call(&shared->ring, HD_OP_GET, 0);
        enum hd_result result = hd_spsc_ring_try_get(&shared->ring, &value);

        hd_history_return(&shared->ring, (int)result,
                          result == HD_OK ? (uint64_t)((int *)value - shared->items) : 0);
        HD_EXPECT(result == HD_OK || result == HD_EMPTY);
        if (result == HD_OK) {
            HD_EXPECT(value == &shared->items[shared->gets]);
            HD_EXPECT(*(int *)value == shared->gets + 1);
            shared->gets++;
        }
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets + (int)hd_spsc_ring_size(&shared->ring) == shared->puts);
}

const struct hd_scenario hd_scenario_spsc_ring = {
    .summary = "a producer and a consumer, room for two items",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {put_four, get_four},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
