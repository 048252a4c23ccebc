/*
 * A data race on `counter' that is one: nothing orders the two increments. What might be thought to
 * is there as well, where it has no part in it: a fence, a lock of inline assembly, a function that
 * old runtimes do not know, and one that is not instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "outside.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static int word;

static void *increment(void *unused)
{
    counter++;
    return unused;
}

static void prepare(void)
{
    struct timespec deadline = {.tv_sec = 0};

    atomic_thread_fence(memory_order_seq_cst);
    __asm__ volatile("lock; addl $1, %0" : "+m"(word) : : "memory");
    (void)pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline);
    outside_acquire();
    outside_release();
}

int main(void)
{
    pthread_t first;
    pthread_t second;

    prepare();
    (void)pthread_create(&first, NULL, increment, NULL);
    (void)pthread_create(&second, NULL, increment, NULL);
    (void)pthread_join(first, NULL);
    (void)pthread_join(second, NULL);
    return 0;
}
