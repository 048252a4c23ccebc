/*
 * A scenario with a circle of locks that cannot be reached.
 *
 * Bug      None: the second thread begins when the first has done with both locks.
 * Needs    Nothing.
 * Fix      None.
 * Source   None.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t a;
    pthread_mutex_t b;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_done; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_init(&shared->a, NULL);
    (void)pthread_mutex_init(&shared->b, NULL);
    (void)pthread_mutex_init(&shared->lock, NULL);
    (void)pthread_cond_init(&shared->changed, NULL);
}

static void take_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    (void)pthread_mutex_lock(first);
    (void)pthread_mutex_lock(second);
    (void)pthread_mutex_unlock(second);
    (void)pthread_mutex_unlock(first);
}

static void go_first(void *state)
{
    struct shared *shared = state;

    take_both(&shared->a, &shared->b);
    (void)pthread_mutex_lock(&shared->lock);
    shared->is_done = true;
    (void)pthread_cond_signal(&shared->changed);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void follow(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    while (!shared->is_done) {
        (void)pthread_cond_wait(&shared->changed, &shared->lock);
    }
    (void)pthread_mutex_unlock(&shared->lock);
    take_both(&shared->b, &shared->a);
}

const struct hd_scenario hd_scenario_noted = {
    .summary = "two locks in both orders, one after the other",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {go_first, follow},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
