/*
 * Barrier operations: rounds that all threads take part in.
 *
 * Before each round a thread writes what all others read after it, so that who is let through early
 * is a data race, too. Whoever has come through the last round may destroy a barrier that can BLOCK
 * at once, and one thread does, maybe.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_BARRIER_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_BARRIER_OPERATIONS_H

#include <heddle/specification.h>

#include "tests/reference/adapters.h"

#define HD_ROUNDS_MAX 3U

struct hd_barrier_operations {
    const struct hd_barrier_adapter *adapter; /* constant after setup */
    void *barrier;
    uint32_t parties;                           /* constant after setup */
    uint32_t rounds;                            /* constant after setup */
    uint32_t destroyer;                         /* constant after setup; `parties' if nobody */
    int written[HD_ROUNDS_MAX][HD_THREADS_MAX]; /* each by one thread before that round */
};

/* In setup: draw how many threads, how many rounds, and who destroys it. */
void hd_barrier_operations_begin(void *state, const struct hd_barrier_adapter *adapter);

/* Threads. */
void hd_barrier_operations_0(void *state);
void hd_barrier_operations_1(void *state);
void hd_barrier_operations_2(void *state);
void hd_barrier_operations_3(void *state);

#define HD_BARRIER_OPERATIONS_THREADS                                                              \
    {hd_barrier_operations_0, hd_barrier_operations_1, hd_barrier_operations_2,                    \
     hd_barrier_operations_3}

void hd_barrier_operations_check(const void *state);

#endif
