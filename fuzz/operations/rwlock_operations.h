/*
 * Reader-writer lock operations: programs of acquires, tries, deadlines and releases of both kinds.
 *
 * Who holds the lock gives it back by its end, and waits for it only while it does not hold it. A
 * pair of plain numbers that writers keep equal shows whether they are alone. A lock that can BLOCK
 * may be destroyed by the last thread that has had it, as soon as its own release has returned.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_RWLOCK_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_RWLOCK_OPERATIONS_H

#include <stdbool.h>

#include "fuzz/operations/program.h"

struct hd_rwlock_operations {
    struct hd_program program;
    const struct hd_rwlock_adapter *adapter; /* constant after setup */
    void *rwlock;
    bool is_short_lived; /* constant after setup: the last thread destroys it */
    unsigned ended;      /* under rwlock: threads that do not come back */
    int x;               /* under rwlock; equal to y */
    int y;               /* under rwlock */
    struct {
        bool is_holding;
        enum hd_hold hold;
        int writes;
    } threads[HD_THREADS_MAX]; /* each that thread only */
};

/* In setup: draw a program. */
void hd_rwlock_operations_begin(void *state, const struct hd_rwlock_adapter *adapter);

void hd_rwlock_operations_check(const void *state);

#endif
