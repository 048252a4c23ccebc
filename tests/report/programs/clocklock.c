/*
 * Increments under a mutex that pthread_mutex_clocklock() locks: correct, and the runtimes that do
 * not know this function report a data race on `counter', and a wrong unlock. All of them know
 * pthread_cond_clockwait().
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int counter;

static void *increment(void *unused)
{
    struct timespec deadline;

    (void)clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += 60;
    (void)pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline);
    counter++;
    (void)pthread_mutex_unlock(&mutex);
    return unused;
}

int main(void)
{
    pthread_t first;
    pthread_t second;
    struct timespec past = {.tv_sec = 0};

    (void)pthread_mutex_lock(&mutex);
    (void)pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &past);
    (void)pthread_mutex_unlock(&mutex);
    (void)pthread_create(&first, NULL, increment, NULL);
    (void)pthread_create(&second, NULL, increment, NULL);
    (void)pthread_join(first, NULL);
    (void)pthread_join(second, NULL);
    return 0;
}
