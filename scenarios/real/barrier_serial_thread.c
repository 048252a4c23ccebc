/*
 * Barrier's serial thread: the thread that may destroy the barrier is told so while others are
 * inside.
 *
 * Bug      The last to arrive is told that it is the one to clean up. The others have been woken,
 *          but have still to count themselves out, in the barrier that is freed.
 * Needs    2 threads; no preemption where the other has yet to lock again, one where it has: the
 *          last to arrive stops between its unlock and the free.
 * Fix      Tell the last one to leave.
 * Source   libuv's uv_barrier_wait(), fixed in 2018 and again in 2021.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>

#define PARTIES 2

struct barrier {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int inside;       /* under lock */
    bool is_complete; /* under lock: all have come */
};

struct shared {
    struct barrier *barrier; /* constant after setup; freed by the serial thread */
};

static void setup(void *state)
{
    struct shared *shared = state;
    struct barrier *barrier = calloc(1, sizeof(*barrier));

    HD_EXPECT(barrier != NULL);
    HD_EXPECT(pthread_mutex_init(&barrier->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&barrier->changed, NULL) == 0);
    shared->barrier = barrier;
}

/* Under lock. Whether the caller is the last to arrive. */
static bool arrive(struct barrier *barrier)
{
    if (++barrier->inside == PARTIES) {
        barrier->is_complete = true;
        (void)pthread_cond_broadcast(&barrier->changed);
        return true;
    }
    while (!barrier->is_complete) {                                 /* finding */
        (void)pthread_cond_wait(&barrier->changed, &barrier->lock); /* finding */
    }
    return false;
}

/* Whether the caller is to free the barrier. */
static bool barrier_wait(struct barrier *barrier)
{
    (void)pthread_mutex_lock(&barrier->lock);
    bool is_serial = arrive(barrier);

    barrier->inside--;
    (void)pthread_mutex_unlock(&barrier->lock);
    return is_serial;
}

static bool barrier_wait_until_left(struct barrier *barrier)
{
    (void)pthread_mutex_lock(&barrier->lock);
    (void)arrive(barrier);
    bool is_serial = --barrier->inside == 0;

    (void)pthread_mutex_unlock(&barrier->lock);
    return is_serial;
}

static void compute(void *state)
{
    struct shared *shared = state;

    if (barrier_wait(shared->barrier)) {
        free(shared->barrier); /* finding */
    }
}

static void compute_until_left(void *state)
{
    struct shared *shared = state;

    if (barrier_wait_until_left(shared->barrier)) {
        free(shared->barrier);
    }
}

const struct hd_scenario hd_scenario_barrier_serial_thread = {
    .summary = "a barrier is freed by the first to leave while another is still inside",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {compute, compute},
    .fixed = {compute_until_left, compute_until_left},
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
