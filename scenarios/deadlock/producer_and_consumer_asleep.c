/*
 * Producer and consumer asleep: each looks at the count, and then goes to sleep, in two steps.
 *
 * Bug      The consumer finds the buffer empty; before it sleeps, the producer puts an item and
 *          wakes it, for nothing. The consumer sleeps, the producer fills the buffer and sleeps
 *          too.
 * Needs    2 threads, 1 preemption: between the consumer's look at the count and its sleep.
 * Fix      Look at the count under the lock that the sleep releases, and again after it.
 * Source   Tanenbaum, "Modern Operating Systems": sleep and wakeup, and the lost wakeup.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

#define CAPACITY 1
#define ITEMS 3

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t not_full;
    pthread_cond_t not_empty;
    int count; /* atomic; in the repaired twin also under lock. 0 to CAPACITY */
    int taken; /* written by the consumer only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->not_full, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->not_empty, NULL) == 0);
}

static int load_count(const struct shared *shared)
{
    /* Acquire: pairs with the release in add(). */
    return __atomic_load_n(&shared->count, __ATOMIC_ACQUIRE);
}

static void add(struct shared *shared, int change)
{
    /* Release: pairs with the acquire load in load_count(). */
    (void)__atomic_fetch_add(&shared->count, change, __ATOMIC_RELEASE);
}

static void wake_up(struct shared *shared, pthread_cond_t *condition)
{
    (void)pthread_mutex_lock(&shared->lock);
    (void)pthread_cond_signal(condition);
    (void)pthread_mutex_unlock(&shared->lock);
}

/* ---- Look, then sleep ------------------------------------------------------------------------ */

static void produce(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        if (load_count(shared) == CAPACITY) {
            (void)pthread_mutex_lock(&shared->lock);
            (void)pthread_cond_wait(&shared->not_full, &shared->lock); /* finding */
            (void)pthread_mutex_unlock(&shared->lock);
        }
        add(shared, 1);
        wake_up(shared, &shared->not_empty);
    }
}

static void consume(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        if (load_count(shared) == 0) {
            (void)pthread_mutex_lock(&shared->lock);
            (void)pthread_cond_wait(&shared->not_empty, &shared->lock); /* finding */
            (void)pthread_mutex_unlock(&shared->lock);
        }
        add(shared, -1);
        shared->taken++;
        wake_up(shared, &shared->not_full);
    }
}

/* ---- Look and sleep as one ------------------------------------------------------------------- */

static void produce_locked(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        (void)pthread_mutex_lock(&shared->lock);
        while (load_count(shared) == CAPACITY) {
            (void)pthread_cond_wait(&shared->not_full, &shared->lock);
        }
        add(shared, 1);
        (void)pthread_cond_signal(&shared->not_empty);
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void consume_locked(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        (void)pthread_mutex_lock(&shared->lock);
        while (load_count(shared) == 0) {
            (void)pthread_cond_wait(&shared->not_empty, &shared->lock);
        }
        add(shared, -1);
        shared->taken++;
        (void)pthread_cond_signal(&shared->not_full);
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->taken == ITEMS && shared->count == 0);
}

const struct hd_scenario hd_scenario_producer_and_consumer_asleep = {
    .summary = "producer and consumer look at the count and then sleep, in two steps",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {produce, consume},
    .fixed = {produce_locked, consume_locked},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
