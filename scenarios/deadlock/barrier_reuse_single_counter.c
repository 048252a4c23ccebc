/*
 * Barrier reuse with a single counter: a fast thread enters the next round before a slow one has
 * left the last one.
 *
 * Bug      The last to arrive resets the counter and wakes the others, who wait until it is 0. If
 *          the waker comes back before they have looked, the counter is 1 again: they go on
 *          waiting, in the old round, and the waker waits for them, in the new one.
 * Needs    2 threads, 0 preemptions: the waker goes on to the next round as soon as it has reset
 *          the counter.
 * Fix      Wait until the number of the round has changed.
 * Source   Textbook; a sense-reversing barrier is the cure in Hensgen, Finkel, Manber, 1988.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

#define PARTIES 2
#define ROUNDS 2

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int arrived; /* under lock; less than PARTIES */
    int round;   /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->changed, NULL) == 0);
}

/* Under lock: the last to arrive ends the round. */
static bool arrive(struct shared *shared)
{
    if (++shared->arrived < PARTIES) {
        return false;
    }
    shared->arrived = 0;
    shared->round++;
    (void)pthread_cond_broadcast(&shared->changed);
    return true;
}

static void wait_for_all(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->lock);
    if (!arrive(shared)) {
        while (shared->arrived != 0) {
            (void)pthread_cond_wait(&shared->changed, &shared->lock); /* finding */
        }
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void wait_for_round(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->lock);
    int round = shared->round;

    if (!arrive(shared)) {
        while (shared->round == round) {
            (void)pthread_cond_wait(&shared->changed, &shared->lock);
        }
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void compute(void *state)
{
    for (int round = 0; round < ROUNDS; round++) {
        wait_for_all(state);
    }
}

static void compute_in_rounds(void *state)
{
    for (int round = 0; round < ROUNDS; round++) {
        wait_for_round(state);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->round == ROUNDS && shared->arrived == 0);
}

const struct hd_scenario hd_scenario_barrier_reuse_single_counter = {
    .summary = "a barrier with one counter is entered again before all have left",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {compute, compute},
    .fixed = {compute_in_rounds, compute_in_rounds},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
