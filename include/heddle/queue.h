/*
 * Queue: what fifo_queue, lifo_queue and priority_queue have in common. They differ only in which
 * item leaves first and are used through their own headers; this one says what holds for all three.
 *
 * Capacity      At most `capacity` items, or any number if it is 0. Memory grows with the number of
 *               items and is given back by destroy; a put that finds none fails and changes
 *               nothing.
 * Work          Each item put is one task until someone calls task_done for it; join waits for all
 *               tasks.
 * Shutdown      Puts fail from then on, and threads blocked in a put return. Gets go on until the
 *               queue is empty and fail then, and threads blocked in a get return. An immediate
 *               shutdown also drops the items that are there, each counting as done; shut down
 *               without `immediate` and get them if they must be freed.
 *
 * Lifetime      A queue may be destroyed once no call can follow and those under way have returned.
 *               Not to be waited for are a put whose item was taken, and the task_done or shutdown
 *               that let a join go: these touch the queue no more. So the thread that got the last
 *               item, or whose join has returned, may destroy it at once.
 * Ordering      A put happens before the get of its item, and a task_done before the return of each
 *               join that it lets go. A shutdown happens before each call that it makes fail.
 * Fairness      Threads that block in puts or gets are woken in the order in which they came; a
 *               running thread may overtake one that is being woken.
 * Fork          The child may use a queue that no other thread was using or waiting at; else it
 *               must initialise it anew.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_QUEUE_H
#define HEDDLE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/cache_line.h>
#include <heddle/clock.h>
#include <heddle/result.h>
#include <heddle/waiter_list.h>

/* What putters write, what getters write and what both mostly read lie in separate cache lines. */
struct hd_queue {
    size_t capacity;              /* constant after init; 0 for any number */
    size_t allocated;             /* as items: entries there; 0 or a power of two */
    void *items;                  /* written under all guards, read under any: the entries */
    uint32_t are_putters_waiting; /* atomic; written under guard: 1 while `putters` is not empty */
    char padding_guard[HD_CACHE_LINE_SIZE];
    uint32_t guard;                /* atomic; the bits of struct hd_lock */
    bool is_shut_down;             /* under guard */
    uint64_t puts;                 /* atomic; written under guard: items put so far */
    uint64_t gets_seen;            /* under guard: a value that `gets` has had */
    uint64_t done;                 /* under guard: tasks done so far; at most `puts` */
    struct hd_waiter_list getters; /* under guard: blocked for an item */
    struct hd_waiter_list putters; /* under guard: blocked for room */
    struct hd_waiter_list joiners; /* under guard: blocked for `done` to be `puts` */
    char padding_gets[HD_CACHE_LINE_SIZE];
    uint64_t gets; /* atomic; written under what the kind says: items taken or dropped so far */
};

#define HD_QUEUE_INITIALIZER(capacity)                                                             \
    {(capacity),                                                                                   \
     0,                                                                                            \
     NULL,                                                                                         \
     0,                                                                                            \
     {0},                                                                                          \
     0,                                                                                            \
     false,                                                                                        \
     0,                                                                                            \
     0,                                                                                            \
     0,                                                                                            \
     HD_WAITER_LIST_INITIALIZER,                                                                   \
     HD_WAITER_LIST_INITIALIZER,                                                                   \
     HD_WAITER_LIST_INITIALIZER,                                                                   \
     {0},                                                                                          \
     0}

#endif
