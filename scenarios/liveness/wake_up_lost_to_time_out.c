/*
 * Wake-up lost, hidden by a time-out: a thread waits for a notify with a deadline, for it has seen
 * that without one it hangs at times.
 *
 * Bug      `is_ready` is set and notified without the lock: between the waiter's look at it and its
 *          wait. Nobody hears the notify, and a second passes for nothing.
 * Needs    2 threads, 1 preemption: after the waiter's look at `is_ready`.
 * Fix      Set and notify under the lock.
 * Source   Textbook; the mask is described in Lu, Park, Seo, Zhou, Learning from mistakes, ASPLOS
 *          2008.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool is_ready; /* atomic */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->ready, NULL) == 0);
}

static bool is_ready(const struct shared *shared)
{
    return __atomic_load_n(&shared->is_ready, __ATOMIC_RELAXED);
}

static void wait(void *state)
{
    struct shared *shared = state;
    struct timespec until;

    (void)pthread_mutex_lock(&shared->lock);
    while (!is_ready(shared)) {
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        (void)pthread_cond_timedwait(&shared->ready, &shared->lock, &until); /* finding */
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void make_ready(struct shared *shared)
{
    __atomic_store_n(&shared->is_ready, true, __ATOMIC_RELAXED);
    (void)pthread_cond_signal(&shared->ready);
}

static void make_ready_unlocked(void *state) { make_ready(state); }

static void make_ready_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    make_ready(shared);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state) { HD_EXPECT(is_ready(state)); }

const struct hd_scenario hd_scenario_wake_up_lost_to_time_out = {
    .summary = "a lost wake-up that a deadline hides",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait, make_ready_unlocked},
    .fixed = {wait, make_ready_locked},
    .check = check,
    .sc = HD_STALL,
    .c11 = HD_STALL,
};
