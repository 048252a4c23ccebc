/*
 * Canary: a race behind a value of 256, and a deadlock behind one of 256 and a preemption.
 *
 * Bug      Both threads write `plain' if the first has drawn 119. They take two locks in opposite
 *          order if the first has drawn 101.
 * Needs    2 threads; the race no preemption, the deadlock one.
 * Fix      Neither thread looks at what was drawn.
 * Source   Made for these tests: what must be found by whoever changes inputs.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t first;
    pthread_mutex_t second;
    int plain;
    unsigned drawn; /* atomic */
};

static void setup(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_init(&shared->first, NULL);
    (void)pthread_mutex_init(&shared->second, NULL);
    __atomic_store_n(&shared->drawn, hd_choose(256), __ATOMIC_RELAXED);
}

static unsigned drawn(struct shared *shared)
{
    return __atomic_load_n(&shared->drawn, __ATOMIC_RELAXED);
}

static void lock_both(pthread_mutex_t *one, pthread_mutex_t *other)
{
    (void)pthread_mutex_lock(one);
    (void)pthread_mutex_lock(other);
    (void)pthread_mutex_unlock(other);
    (void)pthread_mutex_unlock(one);
}

static void go(void *state)
{
    struct shared *shared = state;

    if (drawn(shared) == 119) {
        shared->plain = 1; /* finding */
    }
    lock_both(&shared->first, &shared->second);
}

static void go_back(void *state)
{
    struct shared *shared = state;

    if (drawn(shared) == 119) {
        shared->plain = 2; /* finding */
    }
    if (drawn(shared) == 101) {
        lock_both(&shared->second, &shared->first); /* finding */
    }
}

static void go_the_same_way(void *state)
{
    struct shared *shared = state;

    lock_both(&shared->first, &shared->second);
}

const struct hd_scenario hd_scenario_canary = {
    .summary = "a race and a deadlock, each behind a value",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {go, go_back},
    .fixed = {go_the_same_way, go_the_same_way},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
