/*
 * Wait with the wrong lock: the condition is waited for with a lock that does not guard what is
 * waited for.
 *
 * Bug      The waiter looks at `is_done` under `jobs_lock`, and waits with `wait_lock`. Between the
 *          two it holds neither, and a signal that comes there is lost.
 * Needs    2 threads, 1 preemption: between the look and the wait.
 * Fix      Wait with `jobs_lock`.
 * Source   Textbook; pthread_cond_wait(3) leaves it to the program which lock it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t jobs_lock;
    pthread_mutex_t wait_lock; /* guards nothing */
    pthread_cond_t changed;
    bool is_done; /* under jobs_lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->jobs_lock, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->wait_lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->changed, NULL) == 0);
}

static bool is_done(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->jobs_lock);
    bool is_done = shared->is_done;

    (void)pthread_mutex_unlock(&shared->jobs_lock);
    return is_done;
}

static void finish(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->jobs_lock);
    shared->is_done = true;
    (void)pthread_cond_signal(&shared->changed);
    (void)pthread_mutex_unlock(&shared->jobs_lock);
}

static void await(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->wait_lock);
    while (!is_done(shared)) {
        (void)pthread_cond_wait(&shared->changed, &shared->wait_lock); /* finding */
    }
    (void)pthread_mutex_unlock(&shared->wait_lock);
}

static void await_with_jobs_lock(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->jobs_lock);
    while (!shared->is_done) {
        (void)pthread_cond_wait(&shared->changed, &shared->jobs_lock);
    }
    (void)pthread_mutex_unlock(&shared->jobs_lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->is_done);
}

const struct hd_scenario hd_scenario_wait_with_wrong_lock = {
    .summary = "a wait that releases another lock than the one that guards the flag",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {finish, await},
    .fixed = {finish, await_with_jobs_lock},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
