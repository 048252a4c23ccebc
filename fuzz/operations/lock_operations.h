/*
 * Lock operations: programs of acquires, tries, deadlines and releases, for locks and reentrant
 * locks.
 *
 * Balanced programs: who holds the lock gives it back by its end, and waits for it only while it
 * does not hold it or may take it again. What it guards is plain, so that the race detector judges
 * mutual exclusion; the history judges what was returned. A lock that can BLOCK may be destroyed by
 * the last thread that has had it, as soon as its own release has returned. Given programs: anybody
 * releases, with nothing guarded; but who has acquired also releases once, so the lock is free in
 * the end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_LOCK_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_LOCK_OPERATIONS_H

#include <stdbool.h>

#include "fuzz/operations/program.h"

struct hd_lock_operations {
    struct hd_program program;
    const struct hd_lock_adapter *adapter; /* constant after setup */
    void *lock;
    bool is_reentrant;               /* constant after setup */
    bool is_short_lived;             /* constant after setup: the last thread destroys it */
    unsigned ended;                  /* under lock: threads that do not come back */
    int counter;                     /* under lock */
    int counted[HD_THREADS_MAX];     /* each that thread only: how often it has counted */
    unsigned depths[HD_THREADS_MAX]; /* each that thread only: acquires that it owes a release */
};

/* In setup: draw a balanced program for a lock, or a reentrant one. */
void hd_lock_operations_begin(void *state,
                              const struct hd_lock_adapter *adapter,
                              bool is_reentrant);

/* In setup: the same with releases by anybody, for a lock that can be given. */
void hd_lock_operations_begin_given(void *state, const struct hd_lock_adapter *adapter);

void hd_lock_operations_check(const void *state);

#endif
