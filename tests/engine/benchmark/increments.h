/*
 * Increments: threads that increment one counter under one mutex, 3 times each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_BENCHMARK_INCREMENTS_H
#define HEDDLE_TESTS_ENGINE_BENCHMARK_INCREMENTS_H

#include <pthread.h>
#include <stdbool.h>

#define INCREMENTS_EACH 3

struct increments {
    pthread_mutex_t lock; /* begins as zeros: PTHREAD_MUTEX_INITIALIZER */
    int counter;          /* under lock */
};

/* What each thread runs. */
void hd_increments_run(void *increments);
void hd_increments_run_with_blocks(void *increments);

#endif
