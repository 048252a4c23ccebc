/*
 * Programs of operations on priority queues: hd_priority_queue, a heap under Concurrency Kit's
 * spinlock, and the textbook queue.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/queue_operations.h"

/* In the order of hd_priority_queue_adapters[]. */
enum { HEDDLE, HEAP, TEXTBOOK };

static void setup(void *state)
{
    hd_queue_operations_begin_free(state, hd_priority_queue_adapters[HEDDLE],
                                   &hd_specification_stable_priority_queue);
}

const struct hd_scenario hd_scenario_operations_priority_queue = {
    .summary = "a program of operations on hd_priority_queue, without waiting",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_waiting(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_priority_queue_adapters[HEDDLE],
                                      &hd_specification_stable_priority_queue);
}

const struct hd_scenario hd_scenario_operations_priority_queue_waiting = {
    .summary = "a program of operations on hd_priority_queue, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_waiting,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_shutdown(void *state)
{
    hd_queue_operations_begin_shutdown(state, hd_priority_queue_adapters[HEDDLE],
                                       &hd_specification_stable_priority_queue);
}

const struct hd_scenario hd_scenario_operations_priority_queue_shutdown = {
    .summary = "a program of operations on hd_priority_queue, with tasks and shutdown",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_shutdown,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_heap(void *state)
{
    hd_queue_operations_begin_free(state, hd_priority_queue_adapters[HEAP],
                                   &hd_specification_stable_priority_queue);
}

const struct hd_scenario hd_scenario_operations_ck_heap = {
    .summary = "a program of operations on a heap under CK's spinlock",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_heap,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_textbook(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_priority_queue_adapters[TEXTBOOK],
                                      &hd_specification_stable_priority_queue);
}

const struct hd_scenario hd_scenario_operations_textbook_priority_queue = {
    .summary = "a program of operations on the textbook priority queue, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_textbook,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
