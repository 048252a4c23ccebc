/*
 * Queue operations: programs of puts and gets of all kinds, for queues, rings and stacks.
 *
 * Free programs: nobody waits. Whoever is there puts and gets; what is left is got at the end.
 *
 * Paired programs: of a ring between two threads, the first only puts and the other only gets.
 *
 * Waiting programs: besides the first, a thread only puts, or only gets, and each such operation
 * takes effect once, be it by a try that is followed by a wait. The first thread does both, without
 * waiting, and at its end puts what the others still lack, or gets what they have no room for. Of
 * Heddle's own queues, whoever got the last item may destroy the queue at once.
 *
 * Shutdown programs: besides the first, a thread puts, and waits for all work to be done; or gets,
 * and says that it is done, now or later. The first thread at its end shuts the queue down, and
 * works off what is left, so that all waits end.
 *
 * An item is a number of its own, and a plain variable, that its producer has written.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_QUEUE_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_QUEUE_OPERATIONS_H

#include <stdbool.h>

#include <heddle/specification.h>

#include "fuzz/operations/program.h"

/* The most items that a thread puts: in its steps, and the first one at its end. */
#define HD_THREAD_ITEMS_MAX (HD_STEPS_MAX * HD_THREADS_MAX)

struct hd_queue_operations {
    struct hd_program program;
    const struct hd_queue_adapter *adapter; /* constant after setup */
    void *queue;
    size_t capacity;     /* constant after setup; SIZE_MAX: no bound */
    int lacking;         /* constant after setup: gets of the others less their puts */
    int balance;         /* first thread only: its gets less its puts */
    bool is_short_lived; /* constant after setup: who gets the last item destroys it */
    uint32_t getters;    /* atomic: gets of the others that are not over, and the first thread */
    struct {
        int items[HD_THREAD_ITEMS_MAX];      /* each written by its producer before its put */
        int priorities[HD_THREAD_ITEMS_MAX]; /* constant after setup */
        bool are_taken[HD_THREAD_ITEMS_MAX]; /* each written by the consumer that got it */
        unsigned items_count;                /* that thread only: items it has tried to put */
        unsigned undone;                     /* that thread only: got, and not said to be done */
    } threads[HD_THREADS_MAX];
};

/* In setup: draw a program of that kind. */
void hd_queue_operations_begin_free(void *state,
                                    const struct hd_queue_adapter *adapter,
                                    const struct hd_specification *specification);
void hd_queue_operations_begin_paired(void *state,
                                      const struct hd_queue_adapter *adapter,
                                      const struct hd_specification *specification);
void hd_queue_operations_begin_waiting(void *state,
                                       const struct hd_queue_adapter *adapter,
                                       const struct hd_specification *specification);
void hd_queue_operations_begin_shutdown(void *state,
                                        const struct hd_queue_adapter *adapter,
                                        const struct hd_specification *specification);

/* What is left is got: what is lost is missed there. */
void hd_queue_operations_check(const void *state);

#endif
