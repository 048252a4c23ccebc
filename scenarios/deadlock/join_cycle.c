/*
 * Join cycle: three services that are shut down wait for each other's end.
 *
 * Bug      When the stop is asked for, each service waits for the end of the one that uses it, and
 *          these are a circle. A service that has done its work before it sees the stop ends by
 *          itself, so the circle closes only if the stop comes early.
 * Needs    3 threads besides main, 0 preemptions: main asks for the stop before they look.
 * Fix      Only main, for whose end nobody waits, joins.
 * Source   Textbook. A circle of two is noticed by glibc itself: pthread_join() returns EDEADLK.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

#define SERVICES 3

struct shared;

struct service {
    struct shared *shared; /* constant after setup */
    pthread_t thread;      /* constant once all are started */
    pthread_t user;        /* constant once all are started: the thread that uses this one */
};

struct shared {
    struct service services[SERVICES];
    pthread_mutex_t started; /* held until all threads are started */
    bool is_stopping;        /* atomic */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->started, NULL) == 0);
    for (unsigned i = 0; i < SERVICES; i++) {
        shared->services[i].shared = shared;
    }
}

/* Whether the stop came before the work was done. */
static bool serve_until_stop(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->started);
    (void)pthread_mutex_unlock(&shared->started);
    /* Relaxed: it says only that one should stop. */
    return __atomic_load_n(&shared->is_stopping, __ATOMIC_RELAXED);
}

static void *serve(void *argument)
{
    struct service *service = argument;

    if (serve_until_stop(service->shared)) {
        HD_EXPECT(pthread_join(service->user, NULL) == 0); /* finding */
    }
    return NULL;
}

static void *serve_and_end(void *argument)
{
    struct service *service = argument;

    (void)serve_until_stop(service->shared);
    return NULL;
}

static void start(struct shared *shared, void *(*serve_one)(void *))
{
    (void)pthread_mutex_lock(&shared->started);
    for (unsigned i = 0; i < SERVICES; i++) {
        struct service *service = &shared->services[i];

        HD_EXPECT(pthread_create(&service->thread, NULL, serve_one, service) == 0);
        shared->services[(i + 1) % SERVICES].user = service->thread;
    }
    (void)pthread_mutex_unlock(&shared->started);
}

static void stop(struct shared *shared)
{
    /* Relaxed: it says only that one should stop. */
    __atomic_store_n(&shared->is_stopping, true, __ATOMIC_RELAXED);
}

static void run(void *state)
{
    start(state, serve);
    stop(state);
}

static void run_and_join(void *state)
{
    struct shared *shared = state;

    start(shared, serve_and_end);
    stop(shared);
    for (unsigned i = 0; i < SERVICES; i++) {
        HD_EXPECT(pthread_join(shared->services[i].thread, NULL) == 0);
    }
}

const struct hd_scenario hd_scenario_join_cycle = {
    .summary = "three threads join each other in a circle",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = run,
    .fixed_main = run_and_join,
    .join_at_exit = true,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
