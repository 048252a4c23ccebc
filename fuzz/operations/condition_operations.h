/*
 * Condition operations: programs of takes, which wait until there is an item, and of puts, which
 * notify as many as they put, or all.
 *
 * The first thread never waits without a deadline, and at its end puts as many items as the others
 * may still need: a notify that is lost leaves one of them asleep.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_CONDITION_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_CONDITION_OPERATIONS_H

#include <stdbool.h>

#include "fuzz/operations/program.h"

struct hd_condition_operations {
    struct hd_program program;
    const struct hd_condition_adapter *adapter; /* constant after setup */
    void *condition;
    uint32_t lacking; /* constant after setup: items that the first thread puts at its end */
    uint32_t items;   /* under the lock: put and not taken */
    uint32_t puts;    /* under the lock: items put */
    uint32_t takes[HD_THREADS_MAX]; /* each that thread only: items taken */
};

/* In setup: draw a program. */
void hd_condition_operations_begin(void *state, const struct hd_condition_adapter *adapter);

void hd_condition_operations_check(const void *state);

#endif
