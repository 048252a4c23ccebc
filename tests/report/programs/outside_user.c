/*
 * Increments under the lock of outside.c: correct, and ThreadSanitizer reports a data race on
 * `counter' unless that is instrumented, too.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "outside.h"

static int counter;

static void *increment(void *unused)
{
    outside_acquire();
    counter++;
    outside_release();
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
