/*
 * Notify before wait: a signal that comes before anybody waits is lost.
 *
 * Bug      The waiter looks whether there is something to wait for only after it has waited.
 * Needs    2 threads, 0 preemptions: the notifier runs first.
 * Fix      Wait only while `is_ready` is false.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_ready; /* under lock */
    bool was_seen; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->changed, NULL) == 0);
}

static void notify(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->is_ready = true;
    (void)pthread_cond_signal(&shared->changed);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void await(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    do {
        (void)pthread_cond_wait(&shared->changed, &shared->lock); /* finding */
    } while (!shared->is_ready);
    shared->was_seen = shared->is_ready;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void await_ready(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    while (!shared->is_ready) {
        (void)pthread_cond_wait(&shared->changed, &shared->lock);
    }
    shared->was_seen = shared->is_ready;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->was_seen);
}

const struct hd_scenario hd_scenario_notify_before_wait = {
    .summary = "a condition is signalled before anybody waits for it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {notify, await},
    .fixed = {notify, await_ready},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
