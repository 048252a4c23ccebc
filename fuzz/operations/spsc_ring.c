/*
 * Programs of operations on rings between two threads: hd_spsc_ring, and Concurrency Kit's for one
 * producer and one consumer.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include "fuzz/operations/queue_operations.h"

/* In the order of hd_spsc_ring_adapters[]. */
enum { HEDDLE, CONCURRENCY_KIT };

static void setup(void *state)
{
    hd_queue_operations_begin_paired(state, hd_spsc_ring_adapters[HEDDLE],
                                     &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_spsc_ring = {
    .summary = "a program of operations on hd_spsc_ring",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_ck(void *state)
{
    hd_queue_operations_begin_paired(state, hd_spsc_ring_adapters[CONCURRENCY_KIT],
                                     &hd_specification_fifo_queue);
}

const struct hd_scenario hd_scenario_operations_ck_ring_spsc = {
    .summary = "a program of operations on CK's ring for one producer and one consumer",
    .state_size = sizeof(struct hd_queue_operations),
    .setup = setup_ck,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_queue_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
