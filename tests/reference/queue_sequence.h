/*
 * Queue sequence: random operations by one thread on two queues that must give the same results.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_QUEUE_SEQUENCE_H
#define HEDDLE_TESTS_REFERENCE_QUEUE_SEQUENCE_H

#include <stddef.h>

#include "tests/reference/adapters.h"

/* Run the sequences of the first adapter with each of the others; the exit code for main. */
int hd_queue_sequence_run(const char *group,
                          const struct hd_queue_adapter *const *adapters,
                          size_t count);

#endif
