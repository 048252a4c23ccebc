/*
 * Event operations: programs of sets, clears and waits.
 *
 * Only the first thread clears; it never waits without a deadline, and leaves the event set. What a
 * thread wrote before it set the event is visible to all whose wait, or look, began after that and
 * found the event set; and to all, where that thread is the only one that sets.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_EVENT_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_EVENT_OPERATIONS_H

#include <stdbool.h>

#include "fuzz/operations/program.h"

struct hd_event_operations {
    struct hd_program program;
    const struct hd_event_adapter *adapter; /* constant after setup */
    void *event;
    bool others_set;               /* constant after setup */
    bool is_left_set;              /* first thread only: its last set or clear was a set */
    int published[HD_THREADS_MAX]; /* each written by that thread before its first set */
    int has_set[HD_THREADS_MAX];   /* atomic: a set of that thread has returned */
};

/* In setup: draw a program. */
void hd_event_operations_begin(void *state, const struct hd_event_adapter *adapter);

void hd_event_operations_check(const void *state);

#endif
