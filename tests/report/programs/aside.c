/*
 * A data race on `counter' that is one. One side counts by inline assembly that locks, and both
 * take the time, which a fence of loads keeps in its place: neither orders the other side.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

static int counter;
static int events;

static void count_event(void) { __asm__ volatile("lock incl %0" : "+m"(events)); }

static size_t take_time(void)
{
    unsigned low;
    unsigned high;

    __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high));
    return low;
}

static void *count(void *unused)
{
    size_t begin = take_time();

    (void)unused;
    count_event();
    counter++;
    return (void *)(take_time() - begin);
}

static void *increment(void *unused)
{
    size_t begin = take_time();

    (void)unused;
    counter++;
    return (void *)(take_time() - begin);
}

int main(void)
{
    pthread_t first;
    pthread_t second;

    (void)pthread_create(&first, NULL, count, NULL);
    (void)pthread_create(&second, NULL, increment, NULL);
    (void)pthread_join(first, NULL);
    (void)pthread_join(second, NULL);
    return 0;
}
