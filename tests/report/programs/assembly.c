/*
 * Increments under a lock of inline assembly: correct, and ThreadSanitizer reports a data race on
 * `counter'.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

static int is_taken;
static int counter;

static void acquire(void)
{
    int one = 1;

    do {
        one = 1;
        __asm__ volatile("xchgl %0, %1" : "+r"(one), "+m"(is_taken) : : "memory");
    } while (one != 0);
}

static void release(void) { __asm__ volatile("movl $0, %0" : "+m"(is_taken) : : "memory"); }

static void *increment(void *unused)
{
    acquire();
    counter++;
    release();
    return unused;
}

int main(void)
{
    pthread_t first;
    pthread_t second;

    (void)pthread_create(&first, NULL, increment, NULL);
    (void)pthread_create(&second, NULL, increment, NULL);
    (void)pthread_join(first, NULL);
    (void)pthread_join(second, NULL);
    return 0;
}
