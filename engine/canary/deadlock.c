/*
 * Canary: two threads that take two mutexes in opposite orders.
 *
 * Were the hooks of pthread_mutex_lock() not reached, it would not be found.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include "engine/canary/programs.h"

struct shared {
    pthread_mutex_t a;
    pthread_mutex_t b;
};

static void setup(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_init(&shared->a, NULL);
    (void)pthread_mutex_init(&shared->b, NULL);
}

static void take(pthread_mutex_t *first, pthread_mutex_t *second)
{
    (void)pthread_mutex_lock(first);
    (void)pthread_mutex_lock(second);
    (void)pthread_mutex_unlock(second);
    (void)pthread_mutex_unlock(first);
}

static void take_ab(void *state)
{
    struct shared *shared = state;

    take(&shared->a, &shared->b);
}

static void take_ba(void *state)
{
    struct shared *shared = state;

    take(&shared->b, &shared->a);
}

const struct hd_scenario hde_canary_deadlock = {
    .summary = "two mutexes in opposite orders",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {take_ab, take_ba},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
