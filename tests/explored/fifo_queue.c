/*
 * FIFO queue, explored: no item is lost or doubled, the oldest leaves first, nobody sleeps while
 * there is something to do, and a shutdown lets all go.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

#include "tests/explored/queue_workload.h"

#define FIRST_ALLOCATION 8 /* places of the first array */

static void setup_unbounded(void *state) { hd_workload_begin(state, &hd_queue_kind_fifo, 0); }

static void setup_one(void *state) { hd_workload_begin(state, &hd_queue_kind_fifo, 1); }

const struct hd_scenario hd_scenario_fifo_queue = {
    .summary = "two producers, one consumer",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_unbounded,
    .threads = {hd_workload_put_0_and_1, hd_workload_put_2, hd_workload_get_three},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_bounded = {
    .summary = "two producers, one consumer, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_and_1, hd_workload_put_2, hd_workload_get_three},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_consumers = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_and_1, hd_workload_get_one, hd_workload_get_one},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_timed = {
    .summary = "puts and a get with deadlines, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_until, hd_workload_put_1_until, hd_workload_get_until},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_until_shutdown, hd_workload_get_until_shutdown,
                hd_workload_shut_down},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_join = {
    .summary = "a join waits for both tasks, and its thread destroys the queue",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_unbounded,
    .threads = {hd_workload_put_and_join, hd_workload_work_off_two},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* The first array is full, and its oldest item does not lie in its first place. */
static void setup_wrapped(void *state)
{
    struct queue_shared *shared = state;

    setup_unbounded(shared);
    for (int item = 0; item < FIRST_ALLOCATION; item++) {
        hd_workload_put(shared, item);
    }
    for (int item = FIRST_ALLOCATION; item < QUEUE_ITEMS - 1; item++) {
        (void)hd_workload_get(shared);
        hd_workload_put(shared, item);
    }
}

static void put_last(void *state) { hd_workload_put(state, QUEUE_ITEMS - 1); }

static void get_rest(void *state)
{
    for (int count = 0; count < FIRST_ALLOCATION + 1; count++) {
        hd_workload_get_one(state);
    }
}

const struct hd_scenario hd_scenario_fifo_queue_growing = {
    .summary = "the queue grows while the other thread takes from it",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_wrapped,
    .threads = {put_last, get_rest},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_stranded_putter = {
    .summary = "a shutdown lets a producer go that waits for room",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_until_shutdown, hd_workload_shut_down_now},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Two items put in setup, one of them done: an immediate shutdown drops what is there. */
static void setup_one_of_two_done(void *state)
{
    setup_unbounded(state);
    hd_workload_put_0_and_1(state);
    hd_workload_get_one(state);
    hd_workload_finish(state);
}

/* The last task was taken or dropped; either way it is done once, and one more is one too many. */
static void get_and_finish(void *state)
{
    if (hd_workload_get(state) >= 0) {
        hd_workload_finish(state);
    }
    HD_EXPECT(hd_workload_task_done(state) == HD_OVERFLOW);
}

const struct hd_scenario hd_scenario_fifo_queue_dropped = {
    .summary = "an immediate shutdown lets a join go that destroys the queue",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one_of_two_done,
    .threads = {hd_workload_join_and_destroy, hd_workload_shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_fifo_queue_dropped_or_done = {
    .summary = "an immediate shutdown and a consumer compete for the last item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one_of_two_done,
    .threads = {get_and_finish, hd_workload_shut_down_now},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* A task may be said to be done before its item is taken. */
static void setup_done_early(void *state)
{
    setup_unbounded(state);
    hd_workload_put_0_and_1(state);
    hd_workload_finish(state);
}

const struct hd_scenario hd_scenario_fifo_queue_done_early = {
    .summary = "an immediate shutdown drops two items, one of them done already",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_done_early,
    .threads = {hd_workload_join_and_destroy, hd_workload_shut_down_now},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
