/*
 * Ring, explored: many producers and consumers neither lose nor double an item, and each producer's
 * items leave in order.
 *
 * Nobody loops until an operation succeeds: each thread tries a few times, and `check` empties a
 * copy of the ring.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/ring.h>

#define CAPACITY 2
#define ITEMS 4

struct shared {
    struct hd_ring ring;
    struct hd_ring_slot slots[CAPACITY];
    int items[ITEMS];      /* written by the producer before its try */
    bool are_put[ITEMS];   /* each written by one producer */
    bool are_taken[ITEMS]; /* each written by the consumer that got it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_ring_init(&shared->ring, shared->slots, CAPACITY) == HD_OK);
    hd_history_begin(&shared->ring, &hd_specification_ring, CAPACITY);
}

static void put(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    hd_history_call(&shared->ring, HD_OP_PUT, (uint64_t)item);
    enum hd_result result = hd_ring_try_put(&shared->ring, &shared->items[item]);

    hd_history_return(&shared->ring, (int)result, 0);
    HD_EXPECT(result == HD_OK || result == HD_FULL || result == HD_BUSY);
    shared->are_put[item] = result == HD_OK;
}

/* The item, or -1. */
static int get(struct shared *shared)
{
    void *value = NULL;

    hd_history_call(&shared->ring, HD_OP_GET, 0);
    enum hd_result result = hd_ring_try_get(&shared->ring, &value);
    int item = result == HD_OK ? (int)((int *)value - shared->items) : -1;

    hd_history_return(&shared->ring, (int)result, (uint64_t)item);
    HD_EXPECT(result == HD_OK || result == HD_EMPTY || result == HD_BUSY);
    if (result != HD_OK) {
        return -1;
    }

    HD_EXPECT(shared->items[item] == item + 1 && !shared->are_taken[item]);
    shared->are_taken[item] = true;
    return item;
}

static void put_0_and_1(void *state)
{
    put(state, 0);
    put(state, 1);
}

static void put_2(void *state) { put(state, 2); }

static void put_2_and_3(void *state)
{
    put(state, 2);
    put(state, 3);
}

/* Items 0 and 1, and 2 and 3, each come from one producer, in this order. */
static void get_in_order(struct shared *shared, int tries)
{
    int before = -1;

    for (int count = 0; count < tries; count++) {
        int item = get(shared);

        HD_EXPECT(item < 0 || before < 0 || item / 2 != before / 2 || item > before);
        before = item < 0 ? before : item;
    }
}

static void get_three(void *state) { get_in_order(state, 3); }

static void get_two(void *state) { get_in_order(state, 2); }

static void get_one(void *state) { get_in_order(state, 1); }

/* What was put and not taken is still in the ring, and nothing else. */
static void check(const void *state)
{
    struct shared copy = *(const struct shared *)state;

    copy.ring.slots = copy.slots;
    for (size_t left = hd_ring_size(&copy.ring); left > 0; left--) {
        void *value = NULL;

        HD_EXPECT(hd_ring_try_get(&copy.ring, &value) == HD_OK);
        int item = (int)((const int *)value - ((const struct shared *)state)->items);

        HD_EXPECT(!copy.are_taken[item]);
        copy.are_taken[item] = true;
    }
    for (int item = 0; item < ITEMS; item++) {
        HD_EXPECT(copy.are_put[item] == copy.are_taken[item]);
    }
}

const struct hd_scenario hd_scenario_ring = {
    .summary = "two producers and a consumer",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {put_0_and_1, put_2, get_three},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ring_consumers = {
    .summary = "a producer and two consumers",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {put_0_and_1, get_two, get_one},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Full: a put re-uses the slot of the item that a get has just given back. */
static void setup_full(void *state)
{
    setup(state);
    put_0_and_1(state);
}

const struct hd_scenario hd_scenario_ring_reused = {
    .summary = "puts re-use the slots that gets give back",
    .state_size = sizeof(struct shared),
    .setup = setup_full,
    .threads = {put_2_and_3, get_three},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
