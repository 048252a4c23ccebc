/*
 * Single-thread inversion: one thread takes two locks in both orders, one after the other.
 *
 * Bug      None. A thread cannot wait for itself with locks that it has released, and the other
 *          thread holds one lock at a time. A detector that draws a graph of lock orders, and
 *          forgets who made its edges, reports a deadlock that cannot be.
 * Needs    2 threads; there is no deadlock in any interleaving.
 * Fix      None needed.
 * Source   Textbook case of a lock-order detector's false alarm.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t a;
    pthread_mutex_t b;
    int count_a; /* under a */
    int count_b; /* under b */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->a, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->b, NULL) == 0);
}

static void move_both_ways(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->a);
    (void)pthread_mutex_lock(&shared->b);
    shared->count_a--;
    shared->count_b++;
    (void)pthread_mutex_unlock(&shared->b);
    (void)pthread_mutex_unlock(&shared->a);
    (void)pthread_mutex_lock(&shared->b);
    (void)pthread_mutex_lock(&shared->a);
    shared->count_b--;
    shared->count_a++;
    (void)pthread_mutex_unlock(&shared->a);
    (void)pthread_mutex_unlock(&shared->b);
}

static void count_each(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->a);
    shared->count_a++;
    (void)pthread_mutex_unlock(&shared->a);
    (void)pthread_mutex_lock(&shared->b);
    shared->count_b++;
    (void)pthread_mutex_unlock(&shared->b);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->count_a == 1 && shared->count_b == 1);
}

const struct hd_scenario hd_scenario_single_thread_inversion = {
    .summary = "one thread takes two locks in both orders: no deadlock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {move_both_ways, count_each},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
