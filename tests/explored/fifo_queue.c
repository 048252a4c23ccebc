/*
 * FIFO queue, explored: no item is lost or doubled, each producer's items leave in order, nobody
 * sleeps while there is something to do, and a shutdown lets all go.
 *
 * Items point to plain ints that their producer writes before the put, so the race detector judges
 * the order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/fifo_queue.h>

#define ITEMS 11
#define FIRST_ALLOCATION 8 /* places of the first array */

struct shared {
    struct hd_fifo_queue queue;
    int items[ITEMS];      /* written by the producer before the put */
    bool are_taken[ITEMS]; /* each set by the consumer that got it */
    int puts;              /* atomic: puts that were not refused */
    int gets;              /* atomic: gets that were not refused */
    int last;              /* the only consumer's: the item that it got last */
};

static void setup_unbounded(void *state)
{
    hd_fifo_queue_init(&((struct shared *)state)->queue, 0);
}

static void setup_one(void *state) { hd_fifo_queue_init(&((struct shared *)state)->queue, 1); }

static void put(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    HD_EXPECT(hd_fifo_queue_put(&shared->queue, &shared->items[item]) == HD_OK);
}

static int get(struct shared *shared)
{
    void *value = NULL;

    HD_EXPECT(hd_fifo_queue_get(&shared->queue, &value) == HD_OK);
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
    bool is_0_taken = false;

    for (int count = 0; count < 3; count++) {
        int item = get(state);

        is_0_taken = is_0_taken || item == 0;
        HD_EXPECT(item != 1 || is_0_taken);
    }
}

static void check_empty(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_fifo_queue_size(&shared->queue) == 0);
}

const struct hd_scenario hd_scenario_fifo_queue = {
    .summary = "two producers, one consumer",
    .state_size = sizeof(struct shared),
    .setup = setup_unbounded,
    .threads = {put_0_and_1, put_2, get_three},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_bounded = {
    .summary = "two producers, one consumer, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_0_and_1, put_2, get_three},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void get_one(void *state) { (void)get(state); }

const struct hd_scenario hd_scenario_fifo_queue_consumers = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_0_and_1, get_one, get_one},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* The first array is full, and its oldest item does not lie in its first place. */
static void setup_wrapped(void *state)
{
    struct shared *shared = state;

    hd_fifo_queue_init(&shared->queue, 0);
    for (int item = 0; item < FIRST_ALLOCATION; item++) {
        put(shared, item);
    }
    for (int item = 0; item < ITEMS - 1 - FIRST_ALLOCATION; item++) {
        HD_EXPECT(get(shared) == item);
        put(shared, item + FIRST_ALLOCATION);
    }
}

static void put_last(void *state) { put(state, ITEMS - 1); }

static void get_rest_in_order(void *state)
{
    struct shared *shared = state;

    for (int item = ITEMS - 1 - FIRST_ALLOCATION; item < ITEMS; item++) {
        HD_EXPECT(get(shared) == item);
    }
}

const struct hd_scenario hd_scenario_fifo_queue_growing = {
    .summary = "the queue grows while the other thread takes from it",
    .state_size = sizeof(struct shared),
    .setup = setup_wrapped,
    .threads = {put_last, get_rest_in_order},
    .check = check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_until(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    enum hd_result result =
        hd_fifo_queue_put_until(&shared->queue, &shared->items[item], hd_clock_after_ns(1000));

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    (void)__atomic_add_fetch(&shared->puts, result == HD_OK ? 1 : 0, __ATOMIC_RELAXED);
}

static void put_0_until(void *state) { put_until(state, 0); }

static void put_1_until(void *state) { put_until(state, 1); }

static void get_until(void *state)
{
    struct shared *shared = state;
    void *value = NULL;
    enum hd_result result =
        hd_fifo_queue_get_until(&shared->queue, &value, hd_clock_after_ns(1000));

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    HD_EXPECT(result != HD_OK || *(int *)value != 0);
    (void)__atomic_add_fetch(&shared->gets, result == HD_OK ? 1 : 0, __ATOMIC_RELAXED);
}

static void check_timed(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets + (int)hd_fifo_queue_size(&shared->queue) == shared->puts);
    HD_EXPECT(hd_fifo_queue_size(&shared->queue) <= 1);
}

const struct hd_scenario hd_scenario_fifo_queue_timed = {
    .summary = "puts and a get with deadlines, room for one item",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_0_until, put_1_until, get_until},
    .check = check_timed,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_until_shutdown(struct shared *shared, int item)
{
    shared->items[item] = item + 1;
    enum hd_result result = hd_fifo_queue_put(&shared->queue, &shared->items[item]);

    HD_EXPECT(result == HD_OK || result == HD_SHUTDOWN);
    (void)__atomic_add_fetch(&shared->puts, result == HD_OK ? 1 : 0, __ATOMIC_RELAXED);
}

static void put_both_until_shutdown(void *state)
{
    put_until_shutdown(state, 0);
    put_until_shutdown(state, 1);
}

static void get_until_shutdown(void *state)
{
    struct shared *shared = state;
    void *value = NULL;

    while (hd_fifo_queue_get(&shared->queue, &value) == HD_OK) {
        HD_EXPECT(*(int *)value != 0);
        (void)__atomic_add_fetch(&shared->gets, 1, __ATOMIC_RELAXED);
    }
}

static void shut_down(void *state)
{
    hd_fifo_queue_shutdown(&((struct shared *)state)->queue, false);
}

static void check_drained(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->gets == shared->puts && hd_fifo_queue_size(&shared->queue) == 0);
}

const struct hd_scenario hd_scenario_fifo_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_both_until_shutdown, get_until_shutdown, shut_down},
    .check = check_drained,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void shut_down_now(void *state)
{
    hd_fifo_queue_shutdown(&((struct shared *)state)->queue, true);
}

const struct hd_scenario hd_scenario_fifo_queue_stranded_putter = {
    .summary = "a shutdown lets a producer go that waits for room",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {put_both_until_shutdown, shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Two items put in setup, one of them done: an immediate shutdown drops what is there. */
static void setup_one_of_two_done(void *state)
{
    struct shared *shared = state;

    hd_fifo_queue_init(&shared->queue, 0);
    put(shared, 0);
    put(shared, 1);
    (void)get(shared);
    HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
}

/* The last task was taken or dropped; either way it is done once, and one more is one too many. */
static void get_and_finish(void *state)
{
    struct shared *shared = state;
    void *value = NULL;

    if (hd_fifo_queue_get(&shared->queue, &value) == HD_OK) {
        HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
    }
    HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OVERFLOW);
}

/* The thread whose join has returned may destroy the queue at once. */
static void join_and_destroy(void *state)
{
    struct shared *shared = state;

    hd_fifo_queue_join(&shared->queue);
    hd_fifo_queue_destroy(&shared->queue);
    memset(&shared->queue, 0xff, sizeof(shared->queue));
}

const struct hd_scenario hd_scenario_fifo_queue_dropped = {
    .summary = "an immediate shutdown lets a join go that destroys the queue",
    .state_size = sizeof(struct shared),
    .setup = setup_one_of_two_done,
    .threads = {join_and_destroy, shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_dropped_or_done = {
    .summary = "an immediate shutdown and a consumer compete for the last item",
    .state_size = sizeof(struct shared),
    .setup = setup_one_of_two_done,
    .threads = {get_and_finish, shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* A task may be said to be done before its item is taken. */
static void setup_done_early(void *state)
{
    struct shared *shared = state;

    hd_fifo_queue_init(&shared->queue, 0);
    put(shared, 0);
    put(shared, 1);
    HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
}

const struct hd_scenario hd_scenario_fifo_queue_done_early = {
    .summary = "an immediate shutdown drops two items, one of them done already",
    .state_size = sizeof(struct shared),
    .setup = setup_done_early,
    .threads = {join_and_destroy, shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void work_off_two(void *state)
{
    struct shared *shared = state;

    for (int count = 0; count < 2; count++) {
        (void)get(shared);
        shared->last++;
        HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
    }
}

static void put_and_join(void *state)
{
    struct shared *shared = state;

    put_0_and_1(shared);
    hd_fifo_queue_join(&shared->queue);
    HD_EXPECT(shared->last == 2);
    hd_fifo_queue_destroy(&shared->queue);
    memset(&shared->queue, 0xff, sizeof(shared->queue));
}

const struct hd_scenario hd_scenario_fifo_queue_join = {
    .summary = "a join waits for both tasks, and its thread destroys the queue",
    .state_size = sizeof(struct shared),
    .setup = setup_unbounded,
    .threads = {put_and_join, work_off_two},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
