/*
 * Programs of operations on LIFO queues: hd_lifo_queue, Concurrency Kit's stack, and the textbook
 * stack.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/queue_operations.h"

/* In the order of hd_lifo_queue_adapters[]. */
enum { HEDDLE, STACK, TEXTBOOK };

static void setup(void *state)
{
    hd_queue_operations_begin_free(state, hd_lifo_queue_adapters[HEDDLE],
                                   &hd_specification_lifo_queue);
}

const struct hd_scenario hd_scenario_operations_lifo_queue = {
    .summary = "a program of operations on hd_lifo_queue, without waiting",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_waiting(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_lifo_queue_adapters[HEDDLE],
                                      &hd_specification_lifo_queue);
}

const struct hd_scenario hd_scenario_operations_lifo_queue_waiting = {
    .summary = "a program of operations on hd_lifo_queue, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_waiting,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_shutdown(void *state)
{
    hd_queue_operations_begin_shutdown(state, hd_lifo_queue_adapters[HEDDLE],
                                       &hd_specification_lifo_queue);
}

const struct hd_scenario hd_scenario_operations_lifo_queue_shutdown = {
    .summary = "a program of operations on hd_lifo_queue, with tasks and shutdown",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_shutdown,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_stack(void *state)
{
    hd_queue_operations_begin_free(state, hd_lifo_queue_adapters[STACK],
                                   &hd_specification_lifo_queue);
}

const struct hd_scenario hd_scenario_operations_ck_stack_mpmc = {
    .summary = "a program of operations on CK's stack for many producers and consumers",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_stack,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_textbook(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_lifo_queue_adapters[TEXTBOOK],
                                      &hd_specification_lifo_queue);
}

const struct hd_scenario hd_scenario_operations_textbook_stack = {
    .summary = "a program of operations on the textbook stack, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_textbook,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
