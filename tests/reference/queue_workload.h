/*
 * Queue workload: producers and consumers on one queue or ring, and what it must keep.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_QUEUE_WORKLOAD_H
#define HEDDLE_TESTS_REFERENCE_QUEUE_WORKLOAD_H

#include <stddef.h>

#include "tests/reference/adapters.h"

/* In which order items leave. */
enum hd_queue_order {
    HD_OLDEST_FIRST,
    HD_NEWEST_FIRST,
    HD_LEAST_FIRST, /* and of equals the oldest */
};

/* Run all workloads on all adapters; the exit code for main. */
int hd_queue_workload_run(const char *group,
                          const struct hd_queue_adapter *const *adapters,
                          size_t count,
                          enum hd_queue_order order,
                          unsigned producers,
                          unsigned consumers);

#endif
