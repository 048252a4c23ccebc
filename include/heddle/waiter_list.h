/*
 * Waiter list: the place in condition, barrier, rwlock and the queues where waiting threads line
 * up. Its fields and the threads in it are the library's business; this header exists because those
 * structs hold one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_WAITER_LIST_H
#define HEDDLE_WAITER_LIST_H

#include <stddef.h>

struct hd_waiter; /* one waiting thread; on that thread's stack */

/* Doubly linked, oldest first. The object that holds the list says what guards it. */
struct hd_waiter_list {
    struct hd_waiter *first; /* NULL when empty */
    struct hd_waiter *last;  /* NULL when empty */
};

#define HD_WAITER_LIST_INITIALIZER {NULL, NULL}

#endif
