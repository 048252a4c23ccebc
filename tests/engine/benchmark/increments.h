/*
 * Increments: threads that increment one counter under one mutex, 3 times each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_BENCHMARK_INCREMENTS_H
#define HEDDLE_TESTS_ENGINE_BENCHMARK_INCREMENTS_H

#include <pthread.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define INCREMENTS_EACH 3
#define INCREMENTS_ITEMS 32

/* Begins as zeros: PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER. */
struct increments {
    pthread_mutex_t lock;
    int counter; /* under lock */

    /* Of the other programs. */
    pthread_mutex_t outer;
    pthread_cond_t left;
    int inside;                   /* under lock */
    int additions;                /* atomic */
    long items[INCREMENTS_ITEMS]; /* under lock */
};

/* What each thread runs: the increments alone, or with ... */
void hd_increments_run(void *increments);
void hd_increments_run_nested(void *increments);        /* in a second mutex */
void hd_increments_run_with_blocks(void *increments);   /* 10 blocks, allocated and freed */
void hd_increments_run_with_atomics(void *increments);  /* 10 atomic additions */
void hd_increments_run_with_accesses(void *increments); /* 64 plain accesses in the mutex */
void hd_increments_run_with_waits(void *increments);    /* a condition */
void hd_increments_run_with_tries(void *increments);    /* a second mutex let go again and again */

#ifdef __cplusplus
}
#endif

#endif
