/*
 * Priority queue, explored: no item is lost or doubled, the least priority leaves first, ties in
 * order of arrival.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

#include "tests/explored/queue_workload.h"

static void setup_unbounded(void *state) { hd_workload_begin(state, &hd_queue_kind_priority, 0); }

static void setup_one(void *state) { hd_workload_begin(state, &hd_queue_kind_priority, 1); }

/* Items 0 and 1 have the same priority, so they leave in order of arrival. */
static void setup_ties(void *state)
{
    struct queue_shared *shared = state;

    setup_unbounded(shared);
    shared->priorities[0] = 5;
    shared->priorities[1] = 5;
    shared->priorities[2] = 3;
}

const struct hd_scenario hd_scenario_priority_queue = {
    .summary = "two producers, one of them with ties, and one consumer",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_ties,
    .threads = {hd_workload_put_0_and_1, hd_workload_put_2, hd_workload_get_three},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_priority_queue_bounded = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_and_1, hd_workload_get_one, hd_workload_get_one},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_priority_queue_timed = {
    .summary = "puts and a get with deadlines, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_until, hd_workload_put_1_until, hd_workload_get_until},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_priority_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_until_shutdown, hd_workload_get_until_shutdown,
                hd_workload_shut_down},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_priority_queue_join = {
    .summary = "a join waits for both tasks, and its thread destroys the queue",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_unbounded,
    .threads = {hd_workload_put_and_join, hd_workload_work_off_two},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Items 0 to 3: they leave in the order 3, 1, 2, 0. */
static void setup_four(void *state)
{
    static const int64_t priorities[] = {3, 1, 2, -9};
    struct queue_shared *shared = state;

    setup_unbounded(shared);
    for (int item = 0; item < 4; item++) {
        shared->priorities[item] = priorities[item];
        hd_workload_put(shared, item);
    }
}

const struct hd_scenario hd_scenario_priority_queue_least_first = {
    .summary = "two consumers take four items in the order of their priorities",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_four,
    .threads = {hd_workload_get_two, hd_workload_get_two},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
