/*
 * Queue call: one operation on one queue, and what it answered, as plain data. The model and the
 * queues are given the same calls; their answers must be equal.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_QUEUE_CALL_H
#define HEDDLE_FUZZ_QUEUE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/result.h>

enum queue_kind {
    QUEUE_FIFO,
    QUEUE_LIFO,
    QUEUE_PRIORITY,
    QUEUE_RING,
    QUEUE_SPSC_RING,
    QUEUE_KINDS
};

enum queue_operation {
    QUEUE_INIT, /* make another queue in place of this one; or fail, and keep this one */
    QUEUE_LOOK, /* size only; what a call becomes that the kind does not have */
    QUEUE_TRY_PUT,
    QUEUE_PUT_UNTIL,
    QUEUE_PUT,
    QUEUE_TRY_GET,
    QUEUE_GET_UNTIL,
    QUEUE_GET,
    QUEUE_TASK_DONE,
    QUEUE_JOIN_UNTIL,
    QUEUE_JOIN,
    QUEUE_SHUTDOWN,
    QUEUE_AGE, /* empty rings: as if nearly 2^32 items had passed through; do 32 bits wrap? */
    QUEUE_OPERATIONS
};

/* When a deadline comes, seen from the call. */
enum queue_deadline {
    QUEUE_AT_ZERO, /* 0, which every clock has passed */
    QUEUE_PAST,
    QUEUE_NOW,
    QUEUE_SOON, /* after a microsecond: a call that has to wait does so, and times out */
    QUEUE_LATER,
    QUEUE_NEVER,
    QUEUE_DEADLINES
};

struct queue_call {
    enum queue_operation operation;
    void *item;                   /* put */
    int64_t priority;             /* put into a priority queue */
    enum queue_deadline deadline; /* *_until */
    bool is_immediate;            /* shutdown */
    enum queue_kind kind;         /* init */
    size_t capacity;              /* init */
    bool is_static;               /* init: by the initialiser macro instead of the function */
};

struct queue_answer {
    enum hd_result result; /* HD_OK where the operation returns nothing */
    void *item;            /* what a get took; else what the variable held before the call */
    size_t size;           /* after the call */
};

static const char *const queue_kind_names[QUEUE_KINDS] = {
    [QUEUE_FIFO] = "fifo_queue",         [QUEUE_LIFO] = "lifo_queue",
    [QUEUE_PRIORITY] = "priority_queue", [QUEUE_RING] = "ring",
    [QUEUE_SPSC_RING] = "spsc_ring",
};

static const char *const queue_operation_names[QUEUE_OPERATIONS] = {
    [QUEUE_INIT] = "init",
    [QUEUE_LOOK] = "size",
    [QUEUE_TRY_PUT] = "try_put",
    [QUEUE_PUT_UNTIL] = "put_until",
    [QUEUE_PUT] = "put",
    [QUEUE_TRY_GET] = "try_get",
    [QUEUE_GET_UNTIL] = "get_until",
    [QUEUE_GET] = "get",
    [QUEUE_TASK_DONE] = "task_done",
    [QUEUE_JOIN_UNTIL] = "join_until",
    [QUEUE_JOIN] = "join",
    [QUEUE_SHUTDOWN] = "shutdown",
    [QUEUE_AGE] = "(age)",
};

static const char *const queue_deadline_names[QUEUE_DEADLINES] = {
    [QUEUE_AT_ZERO] = "0", [QUEUE_PAST] = "past",   [QUEUE_NOW] = "now",
    [QUEUE_SOON] = "soon", [QUEUE_LATER] = "later", [QUEUE_NEVER] = "never",
};

#endif
