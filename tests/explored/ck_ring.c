/*
 * Concurrency Kit's ring, explored, for one producer and consumer and for many: no item is lost or
 * doubled, and each producer's items leave in order.
 *
 * The ring for many has a place for each item of its life: a consumer that comes too late copies an
 * item that is not its own, and a producer may be writing the next one there. It throws the copy
 * away, but it is a race (tests/reference/known_races/ring_mpmc_copy.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdbool.h>
#include <stddef.h>

#include <ck_ring.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define SIZE_SPSC 2 /* places; one stays empty */
#define SIZE_MPMC 4
#define ITEMS 3

struct shared {
    struct ck_ring ring;
    struct ck_ring_buffer slots[SIZE_MPMC];
    int items[ITEMS + 1];      /* written by the producer before the put */
    bool are_taken[ITEMS + 1]; /* each written by the consumer that got it */
    int puts;                  /* atomic: puts that found room */
    int gets;                  /* atomic: gets that found an item */
};

static void setup_spsc(void *state)
{
    struct shared *shared = state;

    ck_ring_init(&shared->ring, SIZE_SPSC);
    hd_history_begin(&shared->ring, &hd_specification_ring, SIZE_SPSC - 1);
}

static void setup_mpmc(void *state)
{
    struct shared *shared = state;

    ck_ring_init(&shared->ring, SIZE_MPMC);
    hd_history_begin(&shared->ring, &hd_specification_ring, SIZE_MPMC - 1);
}

static void begin_put(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    hd_history_call(&shared->ring, HD_OP_PUT, (uint64_t)item);
}

static void note_put(struct shared *shared, bool is_put)
{
    hd_history_return(&shared->ring, is_put ? HD_OK : HD_FULL, 0);
    (void)__atomic_add_fetch(&shared->puts, is_put ? 1 : 0, __ATOMIC_RELAXED);
}

/* The item that `value` points to, if there was one. */
static void note_get(struct shared *shared, bool is_got, const void *value)
{
    int item = is_got ? (int)((const int *)value - shared->items) : -1;

    hd_history_return(&shared->ring, is_got ? HD_OK : HD_EMPTY, (uint64_t)item);
    if (is_got) {
        HD_EXPECT(shared->items[item] == item + 1 && !shared->are_taken[item]);
        shared->are_taken[item] = true;
        (void)__atomic_add_fetch(&shared->gets, 1, __ATOMIC_RELAXED);
    }
}

static void put_spsc(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        begin_put(shared, item);
        note_put(shared, ck_ring_enqueue_spsc(&shared->ring, shared->slots, &shared->items[item]));
    }
}

static void get_spsc(void *state)
{
    struct shared *shared = state;

    for (int tries = 0; tries < ITEMS; tries++) {
        void *value = NULL;

        hd_history_call(&shared->ring, HD_OP_GET, 0);
        bool is_got = ck_ring_dequeue_spsc(&shared->ring, shared->slots, (void *)&value);

        note_get(shared, is_got, value);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets + (int)ck_ring_size(&shared->ring) == shared->puts);
}

const struct hd_scenario hd_scenario_ck_ring_spsc = {
    .summary = "a producer and a consumer of CK's ring, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_spsc,
    .threads = {put_spsc, get_spsc},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_mpmc(struct shared *shared, int item)
{
    begin_put(shared, item);
    note_put(shared, ck_ring_enqueue_mpmc(&shared->ring, shared->slots, &shared->items[item]));
}

static void put_0_and_1(void *state)
{
    put_mpmc(state, 0);
    put_mpmc(state, 1);
}

static void put_2(void *state) { put_mpmc(state, 2); }

static void get_two(void *state)
{
    struct shared *shared = state;

    for (int tries = 0; tries < 2; tries++) {
        void *value = NULL;

        hd_history_call(&shared->ring, HD_OP_GET, 0);
        bool is_got = ck_ring_dequeue_mpmc(&shared->ring, shared->slots, (void *)&value);

        note_get(shared, is_got, value);
    }
}

const struct hd_scenario hd_scenario_ck_ring_mpmc = {
    .summary = "two producers and a consumer of CK's ring",
    .state_size = sizeof(struct shared),
    .setup = setup_mpmc,
    .threads = {put_0_and_1, put_2, get_two},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_ring_mpmc_consumers = {
    .summary = "a producer and two consumers of CK's ring",
    .state_size = sizeof(struct shared),
    .setup = setup_mpmc,
    .threads = {put_0_and_1, get_two, get_two},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_2_and_3(void *state)
{
    put_mpmc(state, 2);
    put_mpmc(state, 3);
}

const struct hd_scenario hd_scenario_ck_ring_mpmc_full = {
    .summary = "two producers fill CK's ring: it is full only once three items are there",
    .state_size = sizeof(struct shared),
    .setup = setup_mpmc,
    .threads = {put_0_and_1, put_2_and_3},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
