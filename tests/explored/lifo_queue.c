/*
 * LIFO queue, explored: no item is lost or doubled, the newest leaves first, and a shutdown lets
 * all go.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

#include "tests/explored/queue_workload.h"

static void setup_unbounded(void *state) { hd_workload_begin(state, &hd_queue_kind_lifo, 0); }

static void setup_one(void *state) { hd_workload_begin(state, &hd_queue_kind_lifo, 1); }

const struct hd_scenario hd_scenario_lifo_queue = {
    .summary = "two producers, one consumer",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_unbounded,
    .threads = {hd_workload_put_0_and_1, hd_workload_put_2, hd_workload_get_three},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_lifo_queue_bounded = {
    .summary = "one producer, two consumers, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_and_1, hd_workload_get_one, hd_workload_get_one},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_lifo_queue_timed = {
    .summary = "puts and a get with deadlines, room for one item",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_0_until, hd_workload_put_1_until, hd_workload_get_until},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_lifo_queue_shutdown = {
    .summary = "a shutdown lets producer and consumer go, and no item is dropped",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_one,
    .threads = {hd_workload_put_until_shutdown, hd_workload_get_until_shutdown,
                hd_workload_shut_down},
    .check = hd_workload_check_empty,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_lifo_queue_join = {
    .summary = "a join waits for both tasks, and its thread destroys the queue",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_unbounded,
    .threads = {hd_workload_put_and_join, hd_workload_work_off_two},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Each thread puts before it takes, so a newer item than 0 is there whenever one is taken. */
static void setup_with_0(void *state)
{
    setup_unbounded(state);
    hd_workload_put(state, 0);
}

static void put_1_and_get(void *state)
{
    hd_workload_put(state, 1);
    hd_workload_get_one(state);
}

static void put_2_and_get(void *state)
{
    hd_workload_put(state, 2);
    hd_workload_get_one(state);
}

const struct hd_scenario hd_scenario_lifo_queue_newest_first = {
    .summary = "the item that was there before is never taken: there is always a newer one",
    .state_size = sizeof(struct queue_shared),
    .setup = setup_with_0,
    .threads = {put_1_and_get, put_2_and_get},
    .check = hd_workload_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
