/*
 * LIFO queue, explored: no item is lost or doubled, the newest leaves first, and a shutdown lets
 * all go.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/lifo_queue.h>

#define ITEMS 3

struct shared {
    struct hd_lifo_queue queue;
    int items[ITEMS];      /* written by the producer before the put */
    bool are_taken[ITEMS]; /* each set by the consumer that got it */
    int puts;              /* atomic: puts that were not refused */
    int gets;              /* atomic: gets that were not refused */
    int done;              /* written by the worker only */
};

static void setup_unbounded(void *state)
{
    hd_lifo_queue_init(&((struct shared *)state)->queue, 0);
}

static void setup_one(void *state) { hd_lifo_queue_init(&((struct shared *)state)->queue, 1); }

static void put(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    HD_EXPECT(hd_lifo_queue_put(&shared->queue, &shared->items[item]) == HD_OK);
}

static int get(struct shared *shared)
{
    void *value = NULL;

    HD_EXPECT(hd_lifo_queue_get(&shared->queue, &value) == HD_OK);
    int item = (int)((int *)value - shared->items);

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

static void get_three(void *state)
{
    for (int count = 0; count < ITEMS; count++) {
        (void)get(state);
    }
}

static void check_empty(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_lifo_queue_size(&shared->queue) == 0);
}

const struct hd_scenario hd_scenario_lifo_queue = {
    .summary = "two producers, one consumer",
    .state_size = sizeof(struct shared),
    .setup = setup_unbounded,
    .threads = {put_0_and_1, put_2, get_three},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void get_one(void *state) { (void)get(state); }

const struct hd_scenario hd_scenario_lifo_queue_bounded = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_0_and_1, get_one, get_one},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Each thread puts before it takes, so a newer item than 0 is there whenever one is taken. */
static void setup_with_0(void *state)
{
    setup_unbounded(state);
    put(state, 0);
}

static void put_1_and_get(void *state)
{
    put(state, 1);
    (void)get(state);
}

static void put_2_and_get(void *state)
{
    put(state, 2);
    (void)get(state);
}

static void check_one_left(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_lifo_queue_size(&shared->queue) == 1);
    HD_EXPECT(!shared->are_taken[0]);
}

const struct hd_scenario hd_scenario_lifo_queue_newest_first = {
    .summary = "the item that was there before is never taken: there is always a newer one",
    .state_size = sizeof(struct shared),
    .setup = setup_with_0,
    .threads = {put_1_and_get, put_2_and_get},
    .check = check_one_left,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_until_shutdown(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < 2; item++) {
        shared->items[item] = item + 1;
        enum hd_result result = hd_lifo_queue_put(&shared->queue, &shared->items[item]);

        HD_EXPECT(result == HD_OK || result == HD_SHUTDOWN);
        (void)__atomic_add_fetch(&shared->puts, result == HD_OK ? 1 : 0, __ATOMIC_RELAXED);
    }
}

static void get_until_shutdown(void *state)
{
    struct shared *shared = state;
    void *value = NULL;

    while (hd_lifo_queue_get(&shared->queue, &value) == HD_OK) {
        HD_EXPECT(*(int *)value != 0);
        (void)__atomic_add_fetch(&shared->gets, 1, __ATOMIC_RELAXED);
    }
}

static void shut_down(void *state)
{
    hd_lifo_queue_shutdown(&((struct shared *)state)->queue, false);
}

static void check_drained(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets == shared->puts && hd_lifo_queue_size(&shared->queue) == 0);
}

const struct hd_scenario hd_scenario_lifo_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_until_shutdown, get_until_shutdown, shut_down},
    .check = check_drained,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_and_join(void *state)
{
    struct shared *shared = state;

    put_0_and_1(shared);
    hd_lifo_queue_join(&shared->queue);
    HD_EXPECT(shared->done == 2);
}

static void work_off_two(void *state)
{
    struct shared *shared = state;

    for (int count = 0; count < 2; count++) {
        (void)get(shared);
        shared->done++;
        HD_EXPECT(hd_lifo_queue_task_done(&shared->queue) == HD_OK);
    }
}

const struct hd_scenario hd_scenario_lifo_queue_join = {
    .summary = "a join waits for both tasks",
    .state_size = sizeof(struct shared),
    .setup = setup_unbounded,
    .threads = {put_and_join, work_off_two},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
