/*
 * Queue kinds: the three blocking queues behind one table of functions.
 *
 * What they share is tested once, in queue_properties.c and queue_wait_properties.c, and run by the
 * test of each. A put takes a priority, which the kinds without one ignore.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_QUEUE_KINDS_H
#define HEDDLE_TESTS_PRIMITIVES_QUEUE_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/fifo_queue.h>
#include <heddle/lifo_queue.h>
#include <heddle/priority_queue.h>
#include <heddle/queue.h>
#include <heddle/result.h>

#include "tests/primitives/support.h"

union hd_any_queue {
    struct hd_queue base; /* the first member of the other three */
    struct hd_fifo_queue fifo;
    struct hd_lifo_queue lifo;
    struct hd_priority_queue priority;
};

struct hd_queue_kind {
    union hd_any_queue initial; /* from the static initializer, with a capacity of 3 */
    void (*init)(union hd_any_queue *any, size_t capacity);
    void (*destroy)(union hd_any_queue *any);
    enum hd_result (*put)(union hd_any_queue *any, void *item, int64_t priority);
    enum hd_result (*try_put)(union hd_any_queue *any, void *item, int64_t priority);
    enum hd_result (*put_until)(union hd_any_queue *any,
                                void *item,
                                int64_t priority,
                                uint64_t deadline_ns);
    enum hd_result (*get)(union hd_any_queue *any, void **item);
    enum hd_result (*try_get)(union hd_any_queue *any, void **item);
    enum hd_result (*get_until)(union hd_any_queue *any, void **item, uint64_t deadline_ns);
    size_t (*size)(const union hd_any_queue *any);
    enum hd_result (*task_done)(union hd_any_queue *any);
    void (*join)(union hd_any_queue *any);
    enum hd_result (*join_until)(union hd_any_queue *any, uint64_t deadline_ns);
    void (*shutdown)(union hd_any_queue *any, bool immediate);
    bool is_newest_first; /* of items with equal priority */
};

/* The capacity of `initial`. */
#define HD_QUEUE_KIND_CAPACITY 3U

extern const struct hd_queue_kind hd_fifo_queue_kind;
extern const struct hd_queue_kind hd_lifo_queue_kind;
extern const struct hd_queue_kind hd_priority_queue_kind;

/* All of them. */
extern const struct hd_queue_kind *const hd_queue_kinds[];
extern const size_t hd_queue_kind_count;

/* The tests of what they share; each needs a struct hd_queue_kind as its subject. */
extern const struct CMUnitTest hd_queue_properties[]; /* of one thread alone */
extern const size_t hd_queue_property_count;
extern const struct CMUnitTest hd_queue_wait_properties[]; /* of threads that wait */
extern const size_t hd_queue_wait_property_count;

/* Items to put: the i-th of a run is the address of the i-th place. */
#define HD_QUEUE_ITEMS_MAX 20000U

extern char hd_queue_items[HD_QUEUE_ITEMS_MAX];

/* The number of an item that came out. */
size_t hd_queue_item_number(const void *item);

#endif
