/*
 * Destroyed while waited on: a condition variable goes before the thread that waits on it.
 *
 * Bug      main tells the poller to stop, tears everything down, and joins last. The poller may
 *          still be in its wait: the behaviour is undefined then. (That of glibc is to wait in
 *          pthread_cond_destroy() until all waits have ended.)
 * Needs    1 thread besides main, 1 preemption: the poller waits before main tells it to stop.
 * Fix      Join first: what a thread may use goes after it.
 * Source   POSIX, pthread_cond_destroy(): "Attempting to destroy a condition variable upon which
 *          other threads are currently blocked results in undefined behavior."
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <heddle/check.h>

struct shared {
    pthread_t poller; /* main only */
    pthread_mutex_t lock;
    pthread_cond_t round; /* nobody signals it: a round ends with its time */
    bool is_stopping;     /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->round, NULL) == 0);
}

static void *poll(void *argument)
{
    struct shared *shared = argument;
    struct timespec until;

    (void)pthread_mutex_lock(&shared->lock);
    while (!shared->is_stopping) {
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        (void)pthread_cond_timedwait(&shared->round, &shared->lock, &until);
    }
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void start_and_stop(struct shared *shared)
{
    HD_EXPECT(pthread_create(&shared->poller, NULL, poll, shared) == 0);
    (void)pthread_mutex_lock(&shared->lock);
    shared->is_stopping = true;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void destroy_and_join(void *state)
{
    struct shared *shared = state;

    start_and_stop(shared);
    (void)pthread_cond_destroy(&shared->round); /* finding */
    HD_EXPECT(pthread_join(shared->poller, NULL) == 0);
}

static void join_and_destroy(void *state)
{
    struct shared *shared = state;

    start_and_stop(shared);
    HD_EXPECT(pthread_join(shared->poller, NULL) == 0);
    (void)pthread_cond_destroy(&shared->round);
}

const struct hd_scenario hd_scenario_destroyed_while_waited_on = {
    .summary = "a condition variable destroyed before the thread that waits on it is joined",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = destroy_and_join,
    .fixed_main = join_and_destroy,
    .sc = HD_MISUSE,
    .c11 = HD_MISUSE,
};
