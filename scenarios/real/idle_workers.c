/*
 * Idle workers: the listener takes a worker from a count that is not looked at again after a wait.
 *
 * Bug      A worker counts itself as idle, and signals if it was the first, in two steps. In
 *          between the listener takes that worker, and then waits for the next one: the signal ends
 *          that wait, though nobody is idle, and the count goes below 0.
 * Needs    2 threads, and a wait that ends without a signal, as it may. Without that, two
 *          preemptions: between the worker's count and its signal, and after its signal.
 * Fix      Look at the count again after the wait.
 * Source   Apache bug 45605, worker and event MPM.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include <heddle/check.h>

#define CONNECTIONS 2

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t is_idle;
    int idle; /* atomic: workers that have nothing to do */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->is_idle, NULL) == 0);
}

static int load_idle(const struct shared *shared)
{
    /* Acquire: pairs with the update in be_idle(). */
    return __atomic_load_n(&shared->idle, __ATOMIC_ACQUIRE);
}

/* The worker has done what it was given, if anything. */
static void be_idle(struct shared *shared)
{
    /* Release: pairs with the acquire load in load_idle(). */
    if (__atomic_fetch_add(&shared->idle, 1, __ATOMIC_RELEASE) == 0) {
        (void)pthread_mutex_lock(&shared->lock);
        (void)pthread_cond_signal(&shared->is_idle);
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void take_idle(struct shared *shared)
{
    HD_EXPECT(__atomic_fetch_sub(&shared->idle, 1, __ATOMIC_RELAXED) > 0); /* finding */
}

static void work(void *state)
{
    for (int connection = 0; connection < CONNECTIONS; connection++) {
        be_idle(state);
    }
}

static void wait_for_idle(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->lock);
    if (load_idle(shared) == 0) {
        (void)pthread_cond_wait(&shared->is_idle, &shared->lock);
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void listen_once(void *state)
{
    struct shared *shared = state;

    for (int connection = 0; connection < CONNECTIONS; connection++) {
        if (load_idle(shared) == 0) {
            wait_for_idle(shared);
        }
        take_idle(shared);
    }
}

static void listen_again(void *state)
{
    struct shared *shared = state;

    for (int connection = 0; connection < CONNECTIONS; connection++) {
        (void)pthread_mutex_lock(&shared->lock);
        while (load_idle(shared) == 0) {
            (void)pthread_cond_wait(&shared->is_idle, &shared->lock);
        }
        (void)pthread_mutex_unlock(&shared->lock);
        take_idle(shared);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->idle == 0);
}

const struct hd_scenario hd_scenario_idle_workers = {
    .summary = "a listener takes an idle worker without looking again after a wait",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {listen_once, work},
    .fixed = {listen_again, work},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
