/*
 * A hand-over that fences order: correct, and ThreadSanitizer reports a data race on `data'. With
 * WITHOUT_ACQUIRE one of them is missing, and it is one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#ifdef WITHOUT_ACQUIRE
#define ACQUIRE_FENCE() (void)0
#else
/* Acquire: pairs with the release fence in produce(). */
#define ACQUIRE_FENCE() atomic_thread_fence(memory_order_acquire)
#endif

static int data;
static atomic_int is_ready;

static void *produce(void *unused)
{
    data = 42;
    /* Release: publishes data. Pairs with the acquire fence in consume(). */
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&is_ready, 1, memory_order_relaxed);
    return unused;
}

static void *consume(void *unused)
{
    while (atomic_load_explicit(&is_ready, memory_order_relaxed) == 0) {
    }
    ACQUIRE_FENCE();
    (void)printf("%d\n", data);
    return unused;
}

int main(void)
{
    pthread_t consumer;
    pthread_t producer;

    (void)pthread_create(&consumer, NULL, consume, NULL);
    (void)pthread_create(&producer, NULL, produce, NULL);
    (void)pthread_join(producer, NULL);
    (void)pthread_join(consumer, NULL);
    return 0;
}
