/*
 * Programs of operations on FIFO queues: hd_fifo_queue, Concurrency Kit's linked one, and the
 * textbook queue. CK's ring is in ring.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/queue_operations.h"

/* In the order of hd_fifo_queue_adapters[]. */
enum { HEDDLE, LINKED, RING, TEXTBOOK };

static void setup(void *state)
{
    hd_queue_operations_begin_free(state, hd_fifo_queue_adapters[HEDDLE],
                                   &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_fifo_queue = {
    .summary = "a program of operations on hd_fifo_queue, without waiting",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_waiting(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_fifo_queue_adapters[HEDDLE],
                                      &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_fifo_queue_waiting = {
    .summary = "a program of operations on hd_fifo_queue, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_waiting,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_shutdown(void *state)
{
    hd_queue_operations_begin_shutdown(state, hd_fifo_queue_adapters[HEDDLE],
                                       &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_fifo_queue_shutdown = {
    .summary = "a program of operations on hd_fifo_queue, with tasks and shutdown",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_shutdown,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_linked(void *state)
{
    hd_queue_operations_begin_free(state, hd_fifo_queue_adapters[LINKED],
                                   &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_ck_fifo_mpmc = {
    .summary = "a program of operations on CK's FIFO for many producers and consumers",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_linked,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_textbook(void *state)
{
    hd_queue_operations_begin_waiting(state, hd_fifo_queue_adapters[TEXTBOOK],
                                      &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_textbook_queue = {
    .summary = "a program of operations on the textbook queue, with waits that end",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_textbook,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_textbook_shutdown(void *state)
{
    hd_queue_operations_begin_shutdown(state, hd_fifo_queue_adapters[TEXTBOOK],
                                       &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_textbook_queue_shutdown = {
    .summary = "a program of operations on the textbook queue, with tasks and shutdown",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_textbook_shutdown,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
