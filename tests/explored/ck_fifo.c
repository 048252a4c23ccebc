/*
 * Concurrency Kit's FIFOs, explored, for one producer and consumer and for many: no item is lost or
 * doubled, and each producer's items leave in order.
 *
 * Each node is used once: one in use again is read by a dequeue that comes too late
 * (tests/reference/known_races/fifo_recycled_node.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdbool.h>
#include <stddef.h>

#include <ck_fifo.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define ITEMS 3

struct shared {
    struct ck_fifo_mpmc mpmc; /* first: it must lie at a multiple of 16 */
    struct ck_fifo_mpmc_entry mpmc_nodes[ITEMS + 1];
    struct ck_fifo_spsc spsc; /* one of the two is used */
    struct ck_fifo_spsc_entry spsc_nodes[ITEMS + 1];
    int items[ITEMS];      /* written by the producer before the put */
    bool are_taken[ITEMS]; /* each written by the consumer that got it */
};

static void setup_spsc(void *state)
{
    struct shared *shared = state;

    ck_fifo_spsc_init(&shared->spsc, &shared->spsc_nodes[ITEMS]);
    hd_history_begin(shared, &hd_specification_fifo_queue, 0);
}

static void setup_mpmc(void *state)
{
    struct shared *shared = state;

    ck_fifo_mpmc_init(&shared->mpmc, &shared->mpmc_nodes[ITEMS]);
    hd_history_begin(shared, &hd_specification_fifo_queue, 0);
}

static void begin_put(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    hd_history_call(shared, HD_OP_PUT, (uint64_t)item);
}

/* The item that `value` points to, if there was one. */
static void note_get(struct shared *shared, bool is_got, const void *value)
{
    int item = is_got ? (int)((const int *)value - shared->items) : -1;

    hd_history_return(shared, is_got ? HD_OK : HD_EMPTY, (uint64_t)item);
    if (is_got) {
        HD_EXPECT(shared->items[item] == item + 1 && !shared->are_taken[item]);
        shared->are_taken[item] = true;
    }
}

static void put_spsc(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        begin_put(shared, item);
        ck_fifo_spsc_enqueue(&shared->spsc, &shared->spsc_nodes[item], &shared->items[item]);
        hd_history_return(shared, HD_OK, 0);
    }
}

static void get_spsc(void *state)
{
    struct shared *shared = state;

    for (int tries = 0; tries < ITEMS; tries++) {
        void *value = NULL;

        hd_history_call(shared, HD_OP_GET, 0);
        bool is_got = ck_fifo_spsc_dequeue(&shared->spsc, (void *)&value);

        note_get(shared, is_got, value);
    }
}

const struct hd_scenario hd_scenario_ck_fifo_spsc = {
    .summary = "a producer and a consumer of CK's single-producer FIFO",
    .state_size = sizeof(struct shared),
    .setup = setup_spsc,
    .threads = {put_spsc, get_spsc},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_mpmc(struct shared *shared, int item)
{
    begin_put(shared, item);
    ck_fifo_mpmc_enqueue(&shared->mpmc, &shared->mpmc_nodes[item], &shared->items[item]);
    hd_history_return(shared, HD_OK, 0);
}

static void get_mpmc(struct shared *shared)
{
    struct ck_fifo_mpmc_entry *garbage = NULL;
    void *value = NULL;

    hd_history_call(shared, HD_OP_GET, 0);
    bool is_got = ck_fifo_mpmc_dequeue(&shared->mpmc, (void *)&value, &garbage);

    note_get(shared, is_got, value);
}

static void put_0_and_1(void *state)
{
    put_mpmc(state, 0);
    put_mpmc(state, 1);
}

static void put_2(void *state) { put_mpmc(state, 2); }

static void get_two(void *state)
{
    get_mpmc(state);
    get_mpmc(state);
}

/* What nobody has taken is still there. */
static void check_all_there(const void *state)
{
    const struct shared *shared = state;
    int there = 0;

    for (const struct ck_fifo_mpmc_entry *node = shared->mpmc.head.pointer->next.pointer;
         node != NULL; node = node->next.pointer) {
        there++;
    }
    for (int item = 0; item < ITEMS; item++) {
        there += shared->are_taken[item] ? 1 : 0;
    }
    HD_EXPECT(there == ITEMS);
}

const struct hd_scenario hd_scenario_ck_fifo_mpmc = {
    .summary = "two producers and a consumer of CK's FIFO",
    .state_size = sizeof(struct shared),
    .setup = setup_mpmc,
    .threads = {put_0_and_1, put_2, get_two},
    .check = check_all_there,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_all(struct shared *shared)
{
    for (int item = 0; item < ITEMS; item++) {
        put_mpmc(shared, item);
    }
}

static void setup_mpmc_with_all(void *state)
{
    setup_mpmc(state);
    put_all(state);
}

const struct hd_scenario hd_scenario_ck_fifo_mpmc_consumers = {
    .summary = "two consumers compete for the items of CK's FIFO",
    .state_size = sizeof(struct shared),
    .setup = setup_mpmc_with_all,
    .threads = {get_two, get_two},
    .check = check_all_there,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
