/*
 * History: the operations that an execution recorded (heddle/history.h).
 *
 * An operation has three times, all from one count that only records advance: where its call and
 * its return stand, and the latest moment at which the thread could have called it. A thread that
 * has called and not yet synchronized since could have called later, with the same effect: nobody
 * sees what it did in between, unless there is a race. So the call is put off until the thread has
 * carried out an event that is no plain access; whether it has is asked only when an operation
 * returns, for only what returned before a call matters to it. Plain accesses do not count, so that
 * a replay, where each is a scheduling point, gives the same history.
 *
 * Invariants: operations are in the order of their calls; `open' lists those that have not
 * returned. Records of earlier executions are void by their generation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HISTORY_H
#define HEDDLE_ENGINE_HISTORY_H

#include <heddle/history.h>

#include "engine/object.h"

#define HDE_NEVER UINT32_MAX

struct hde_operation {
    struct hd_operation operation;
    uint32_t called;   /* where the record stands */
    uint32_t begun;    /* the latest that it can have been called; 0: not known yet */
    uint32_t returned; /* HDE_NEVER: it has not */
    uint32_t syncs;    /* of its thread, at its call */
    uint32_t history;
    struct hde_deed deed; /* its return; its call until then */
};

struct hde_history {
    const void *object;
    const struct hd_specification *specification;
    uint64_t parameter;
};

struct hde_histories {
    uint32_t generation; /* of the execution that they are of */
    uint32_t time;       /* of the last record */
    uint32_t count;
    uint32_t operations_count;
    uint32_t open_count;
    struct hde_history at[HD_HISTORIES_MAX];
    uint32_t open[HDE_THREADS_MAX * HD_HISTORIES_MAX < HD_HISTORY_OPERATIONS_MAX
                      ? HDE_THREADS_MAX * HD_HISTORIES_MAX
                      : HD_HISTORY_OPERATIONS_MAX];
    struct hde_operation operations[HD_HISTORY_OPERATIONS_MAX];
};

extern struct hde_histories hde_histories;

#endif
