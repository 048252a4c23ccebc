/*
 * Specification: what an object does when one operation comes after the other.
 *
 *     struct counter { uint64_t value; };
 *
 *     static enum hd_step step(void *state, const struct hd_operation *operation)
 *     {
 *         struct counter *counter = state;
 *
 *         if (operation->code == HD_OP_READ && !operation->is_pending) {
 *             return operation->value == counter->value ? HD_STEP_DONE : HD_STEP_WRONG;
 *         }
 *         counter->value += operation->argument;
 *         return HD_STEP_DONE;
 *     }
 *     const struct hd_specification counter_specification = {
 *         .name = "counter",
 *         .state_size = sizeof(struct counter),
 *         .step = step,
 *     };
 *
 * A concurrent object is correct if whatever its operations return can be explained by some order
 * of them in which each takes effect at one moment between its call and its return: if the history
 * (heddle/history.h) is linearizable. A specification is a machine that says of each operation,
 * with the result that it had, whether it could have had it in this state.
 *
 * A machine is a pure function of its state and the operation: it keeps nothing elsewhere, and
 * calls nothing that does. Equal states have equal bytes: what is not used is zero.
 *
 * An operation that waits takes effect when it has not to wait any more; before that the machine
 * says HD_STEP_BLOCKED. If others can see that it waits (a thread that has come to a barrier), it
 * has more than one part, each with a moment of its own.
 *
 * Source        Herlihy, Wing, Linearizability, TOPLAS 1990; operations in parts: Scherer, Scott,
 *               Nonblocking concurrent data structures with condition synchronization, DISC 2004.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_SPECIFICATION_H
#define HEDDLE_SPECIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a state. */
#define HD_STATE_SIZE_MAX 1024

/* Parts of an operation. */
#define HD_PARTS_MAX 3

/* hd_operation.value of an operation that does not tell it. */
#define HD_VALUE_UNKNOWN UINT64_MAX

/* What the ready-made specifications call their operations; others may use any numbers below 64. */
enum hd_operation_code {
    HD_OP_ACQUIRE,        /* in place of the owner, hd_operation.thread */
    HD_OP_RELEASE,        /* semaphores: argument units */
    HD_OP_ACQUIRE_SHARED, /* rwlock */
    HD_OP_RELEASE_SHARED,
    HD_OP_IS_LOCKED,  /* value: 1 or 0 */
    HD_OP_WAIT,       /* event; barrier: value is the place in the order of arrival; condition */
    HD_OP_NOTIFY,     /* condition: argument threads */
    HD_OP_NOTIFY_ALL, /* condition */
    HD_OP_SET,        /* event */
    HD_OP_CLEAR,      /* event */
    HD_OP_IS_SET,     /* event; value: 1 or 0 */
    HD_OP_ABORT,      /* barrier */
    HD_OP_RESET,      /* barrier */
    HD_OP_IS_BROKEN,  /* barrier; value: 1 or 0 */
    HD_OP_PUT,        /* queue, ring: argument is the item, key its priority */
    HD_OP_GET,        /* queue, ring: value is the item */
    HD_OP_PUSH,       /* stack: as PUT */
    HD_OP_POP,        /* stack: as GET */
    HD_OP_TASK_DONE,  /* queue */
    HD_OP_JOIN,       /* queue, thread */
    HD_OP_SHUTDOWN,   /* queue: argument 1 drops the items, 0 leaves them */
    HD_OP_SIZE,       /* value: the units, items, waiting threads there are */
    HD_OP_SPAWN,      /* thread */
    HD_OP_END,        /* thread: by itself, and never returns */
    HD_OP_DETACH,     /* thread */
    HD_OP_IS_ALIVE,   /* thread; value: 1 or 0 */
    HD_OP_INSERT,     /* set: of the key; value: 1 if it was not there */
    HD_OP_REMOVE,     /* set: of the key; value: 1 if it was there */
    HD_OP_CONTAINS,   /* set: of the key; value: 1 if it is there */
    HD_OP_READ,       /* register, of the key: value */
    HD_OP_WRITE,      /* register: argument */
    HD_OP_EXCHANGE,   /* register: argument; value is what was there */
    HD_OP_ADD,        /* register: argument; value is what was there */
    HD_OP_AWAIT_NEW,  /* register: waits until it is not the argument */
    HD_OPERATION_CODES
};

/* One operation, as it was recorded. */
struct hd_operation {
    uint64_t key;         /* what of the object it is about; 0 if that makes no difference */
    uint64_t argument;    /* what it was called with */
    uint64_t value;       /* what it returned beside its outcome */
    uint32_t code;        /* of the specification */
    int32_t outcome;      /* an enum hd_result, or the specification's own */
    uint16_t thread;      /* that called it */
    bool is_pending;      /* it did not return: outcome is HD_OK, value HD_VALUE_UNKNOWN */
    uint8_t part;         /* that takes effect now, from 0 */
    uint16_t possibility; /* of a pending one: see hd_specification.possibilities */
};

enum hd_step {
    HD_STEP_DONE,    /* it can have had this result here; the state is as it leaves it */
    HD_STEP_PART,    /* the same of this part, and there is another one */
    HD_STEP_BLOCKED, /* it would wait here */
    HD_STEP_WRONG,   /* it cannot have had this result here */
    HD_STEP_NO_ROOM, /* the state cannot hold that: the history is not judged */
};

/* How operations read in a report: "put(7) = HD_OK", "get() = 7". */
struct hd_operation_name {
    const char *name;
    bool has_argument;
    bool has_value;
    bool has_key;
    bool has_no_outcome;
};

/* How a long history is judged in time that does not explode, if it has distinct values only. */
enum hd_monitor {
    HD_MONITOR_NONE,
    HD_MONITOR_FIFO,     /* PUT, GET */
    HD_MONITOR_LIFO,     /* PUT, GET or PUSH, POP */
    HD_MONITOR_PRIORITY, /* PUT, GET: the least key first, ties in any order */
    HD_MONITOR_SET,      /* INSERT, REMOVE, CONTAINS */
};

struct hd_specification {
    const char *name;  /* of the object, in a sentence: "FIFO queue" */
    size_t state_size; /* at most HD_STATE_SIZE_MAX */

    /* Make the first state of zeros; `parameter' is what the history began with. May be NULL. */
    void (*init)(void *state, uint64_t parameter);

    /* Carry out one part of an operation. What it does to the state counts only if it is DONE or
     * PART. A pending operation is one that could have had any result. */
    enum hd_step (*step)(void *state, const struct hd_operation *operation);

    /* Operations with different keys have nothing to do with each other: each key has a state of
     * its own. */
    bool is_keyed;

    /* A pending operation can take effect in so many ways, and is tried with possibility 0, 1 ...
     * below it; 0 is taken as 1. */
    uint16_t possibilities;

    enum hd_monitor monitor;

    /* By code, names_count of them; NULL: their numbers are shown. */
    const struct hd_operation_name *names;
    size_t names_count;
};

/* Ready-made; what `parameter' means stands beside it. */
extern const struct hd_specification hd_specification_lock;              /* 1: held at first */
extern const struct hd_specification hd_specification_rlock;             /* nothing */
extern const struct hd_specification hd_specification_rwlock;            /* readers at first */
extern const struct hd_specification hd_specification_semaphore;         /* units at first */
extern const struct hd_specification hd_specification_bounded_semaphore; /* units at first */
extern const struct hd_specification hd_specification_event;             /* 1: set at first */
extern const struct hd_specification hd_specification_barrier;           /* parties */
extern const struct hd_specification hd_specification_condition;      /* nothing; with its lock */
extern const struct hd_specification hd_specification_fifo_queue;     /* capacity; 0: no bound */
extern const struct hd_specification hd_specification_lifo_queue;     /* capacity; 0: no bound */
extern const struct hd_specification hd_specification_priority_queue; /* capacity; ties: any */
extern const struct hd_specification
    hd_specification_stable_priority_queue; /* capacity; ties: in order of arrival */
extern const struct hd_specification hd_specification_ring;  /* capacity; may be BUSY at any time */
extern const struct hd_specification hd_specification_stack; /* nothing */
extern const struct hd_specification hd_specification_set;   /* nothing; by key */
extern const struct hd_specification hd_specification_register; /* first value; by key */
extern const struct hd_specification hd_specification_thread;   /* nothing */

#ifdef __cplusplus
}
#endif

#endif
