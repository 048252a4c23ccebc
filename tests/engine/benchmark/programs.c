/*
 * Programs: increments with something else around them, each of it much used; instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include "tests/engine/benchmark/increments.h"

#define ADDITIONS 10

static void increment(struct increments *shared)
{
    (void)pthread_mutex_lock(&shared->lock);
    shared->counter++;
    (void)pthread_mutex_unlock(&shared->lock);
}

void hd_increments_run_nested(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->outer);
        increment(shared);
        (void)pthread_mutex_unlock(&shared->outer);
    }
}

void hd_increments_run_with_atomics(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        for (int k = 0; k < ADDITIONS; k++) {
            (void)__atomic_fetch_add(&shared->additions, 1, __ATOMIC_SEQ_CST);
        }
        increment(shared);
    }
}

void hd_increments_run_with_accesses(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        for (int k = 0; k < INCREMENTS_ITEMS; k++) {
            shared->items[k]++;
        }
        shared->counter++;
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

/* Two at a time at most: who comes third waits. */
void hd_increments_run_with_waits(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        while (shared->inside == 2) {
            (void)pthread_cond_wait(&shared->left, &shared->lock);
        }
        shared->inside++;
        (void)pthread_mutex_unlock(&shared->lock);
        (void)pthread_mutex_lock(&shared->lock);
        shared->inside--;
        shared->counter++;
        (void)pthread_cond_signal(&shared->left);
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

void hd_increments_run_with_tries(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->outer);
        while (pthread_mutex_trylock(&shared->lock) != 0) {
            (void)pthread_mutex_unlock(&shared->outer);
            (void)sched_yield();
            (void)pthread_mutex_lock(&shared->outer);
        }
        (void)pthread_mutex_unlock(&shared->outer);
        shared->counter++;
        (void)pthread_mutex_unlock(&shared->lock);
    }
}
