/*
 * Queue workload: what the three blocking queues go through alike, each operation recorded.
 *
 * A queue is one of a kind: a table of its functions and its specification. That no item is lost,
 * doubled or out of turn, and that nobody is refused or waits for nothing, is the specification's
 * to judge. Items point to plain ints that their producer writes before the put, so the race
 * detector judges the order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_EXPLORED_QUEUE_WORKLOAD_H
#define HEDDLE_TESTS_EXPLORED_QUEUE_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/fifo_queue.h>
#include <heddle/history.h>
#include <heddle/lifo_queue.h>
#include <heddle/priority_queue.h>

#define QUEUE_ITEMS 11

union queue {
    struct hd_fifo_queue fifo;
    struct hd_lifo_queue lifo;
    struct hd_priority_queue priority;
};

struct queue_kind {
    const struct hd_specification *specification;
    void (*init)(union queue *queue, size_t capacity);
    void (*destroy)(union queue *queue);
    enum hd_result (*put)(union queue *queue, void *item, int64_t priority);
    enum hd_result (*put_until)(union queue *queue, void *item, int64_t priority, uint64_t until);
    enum hd_result (*get)(union queue *queue, void **item);
    enum hd_result (*get_until)(union queue *queue, void **item, uint64_t until);
    size_t (*size)(const union queue *queue);
    enum hd_result (*task_done)(union queue *queue);
    void (*join)(union queue *queue);
    void (*shutdown)(union queue *queue, bool immediate);
};

extern const struct queue_kind hd_queue_kind_fifo;
extern const struct queue_kind hd_queue_kind_lifo;
extern const struct queue_kind hd_queue_kind_priority;

struct queue_shared {
    const struct queue_kind *kind; /* constant after setup */
    union queue queue;
    int64_t priorities[QUEUE_ITEMS]; /* constant after setup */
    int items[QUEUE_ITEMS];          /* written by the producer before the put */
    bool are_taken[QUEUE_ITEMS];     /* each set by the consumer that got it */
    int done;                        /* written by the worker only */
};

/* An empty queue whose history begins. */
void hd_workload_begin(void *state, const struct queue_kind *kind, size_t capacity);

/* One operation each. A put that must succeed; the item that was taken, -1 if the queue is shut
 * down; the end of a task, which must be one. */
void hd_workload_put(struct queue_shared *shared, int item);
int hd_workload_get(struct queue_shared *shared);
void hd_workload_finish(struct queue_shared *shared);
enum hd_result hd_workload_task_done(struct queue_shared *shared);

/* Threads. */
void hd_workload_put_0_and_1(void *state);
void hd_workload_put_2(void *state);
void hd_workload_get_one(void *state);
void hd_workload_get_two(void *state);
void hd_workload_get_three(void *state);
void hd_workload_put_0_until(void *state);
void hd_workload_put_1_until(void *state);
void hd_workload_get_until(void *state);
void hd_workload_put_until_shutdown(void *state); /* two items */
void hd_workload_get_until_shutdown(void *state);
void hd_workload_shut_down(void *state);
void hd_workload_shut_down_now(void *state);
void hd_workload_work_off_two(void *state);
void hd_workload_put_and_join(void *state);
void hd_workload_join_and_destroy(void *state);

/* How many items there are. */
void hd_workload_check(const void *state);
void hd_workload_check_empty(const void *state);

#endif
