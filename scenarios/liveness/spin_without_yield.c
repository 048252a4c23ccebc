/*
 * Spin without yield: a thread spins for a flag while it holds the lock that the other one needs to
 * set it.
 *
 * Bug      The spinning thread holds `lock`; the flag is set under `lock`.
 * Needs    2 threads, 0 preemptions: the one that spins comes first.
 * Fix      Wait on a condition, which gives the lock up.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool is_ready; /* atomic; written under lock */
    bool is_done;  /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->ready, NULL) == 0);
}

static void spin(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    while (!__atomic_load_n(&shared->is_ready, __ATOMIC_RELAXED)) { /* finding */
    }
    shared->is_done = true;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void make_ready(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    __atomic_store_n(&shared->is_ready, true, __ATOMIC_RELAXED);
    (void)pthread_cond_signal(&shared->ready);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void wait_for_it(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    while (!__atomic_load_n(&shared->is_ready, __ATOMIC_RELAXED)) {
        (void)pthread_cond_wait(&shared->ready, &shared->lock);
    }
    shared->is_done = true;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->is_done); }

const struct hd_scenario hd_scenario_spin_without_yield = {
    .summary = "a spin that holds the lock that would end it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {spin, make_ready},
    .fixed = {wait_for_it, make_ready},
    .check = check,
    .sc = HD_LIVELOCK,
    .c11 = HD_LIVELOCK,
};
