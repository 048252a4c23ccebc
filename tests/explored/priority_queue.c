/*
 * Priority queue, explored: no item is lost or doubled, the least priority leaves first, ties in
 * order of arrival.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/priority_queue.h>

#define ITEMS 4

struct shared {
    struct hd_priority_queue queue;
    int items[ITEMS];      /* written by the producer before the put */
    bool are_taken[ITEMS]; /* each set by the consumer that got it */
    int puts;              /* atomic: puts that were not refused */
    int gets;              /* atomic: gets that were not refused */
};

static void setup_unbounded(void *state)
{
    hd_priority_queue_init(&((struct shared *)state)->queue, 0);
}

static void setup_one(void *state) { hd_priority_queue_init(&((struct shared *)state)->queue, 1); }

static void put(struct shared *shared, int item, int64_t priority)
{
    shared->items[item] = item + 1;
    HD_EXPECT(hd_priority_queue_put(&shared->queue, &shared->items[item], priority) == HD_OK);
}

static int get(struct shared *shared)
{
    void *value = NULL;

    HD_EXPECT(hd_priority_queue_get(&shared->queue, &value) == HD_OK);
    int item = (int)((int *)value - shared->items);

    HD_EXPECT(shared->items[item] == item + 1 && !shared->are_taken[item]);
    shared->are_taken[item] = true;
    return item;
}

static void check_empty(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_priority_queue_size(&shared->queue) == 0);
}

/* Both have the same priority, so they leave in order of arrival. */
static void put_0_and_1(void *state)
{
    put(state, 0, 5);
    put(state, 1, 5);
}

static void put_2(void *state) { put(state, 2, 3); }

static void get_three(void *state)
{
    bool is_0_taken = false;

    for (int count = 0; count < 3; count++) {
        int item = get(state);

        is_0_taken = is_0_taken || item == 0;
        HD_EXPECT(item != 1 || is_0_taken);
    }
}

const struct hd_scenario hd_scenario_priority_queue = {
    .summary = "two producers, one of them with ties, and one consumer",
    .state_size = sizeof(struct shared),
    .setup = setup_unbounded,
    .threads = {put_0_and_1, put_2, get_three},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Items 0 to 3 at priorities 3, 1, 2 and 9: whoever comes first takes 1, then 2, then 0. */
static void setup_four(void *state)
{
    setup_unbounded(state);
    put(state, 0, 3);
    put(state, 1, 1);
    put(state, 2, 2);
    put(state, 3, 9);
}

static void get_two(void *state)
{
    struct shared *shared = state;
    int first = get(shared);
    int second = get(shared);

    HD_EXPECT(first == 1 || first == 2 || first == 0);
    HD_EXPECT(first != 0 || second == 3);
    HD_EXPECT(first != 2 || second == 0 || second == 3);
}

const struct hd_scenario hd_scenario_priority_queue_least_first = {
    .summary = "two consumers take four items in the order of their priorities",
    .state_size = sizeof(struct shared),
    .setup = setup_four,
    .threads = {get_two, get_two},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void get_one(void *state) { (void)get(state); }

const struct hd_scenario hd_scenario_priority_queue_bounded = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_0_and_1, get_one, get_one},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_until_shutdown(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < 2; item++) {
        shared->items[item] = item + 1;
        enum hd_result result = hd_priority_queue_put(&shared->queue, &shared->items[item], item);

        HD_EXPECT(result == HD_OK || result == HD_SHUTDOWN);
        (void)__atomic_add_fetch(&shared->puts, result == HD_OK ? 1 : 0, __ATOMIC_RELAXED);
    }
}

static void get_until_shutdown(void *state)
{
    struct shared *shared = state;
    void *value = NULL;

    while (hd_priority_queue_get(&shared->queue, &value) == HD_OK) {
        HD_EXPECT(*(int *)value != 0);
        (void)__atomic_add_fetch(&shared->gets, 1, __ATOMIC_RELAXED);
    }
}

static void shut_down(void *state)
{
    hd_priority_queue_shutdown(&((struct shared *)state)->queue, false);
}

static void check_drained(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets == shared->puts && hd_priority_queue_size(&shared->queue) == 0);
}

const struct hd_scenario hd_scenario_priority_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_until_shutdown, get_until_shutdown, shut_down},
    .check = check_drained,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
