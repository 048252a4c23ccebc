/*
 * Semaphore units exhausted: each thread needs two units and takes them one by one.
 *
 * Bug      There are two units. When each thread has one, both wait for a second, and neither gives
 *          its own back.
 * Needs    2 threads, 1 preemption: after one thread's first unit.
 * Fix      Only one thread at a time collects units.
 * Source   Textbook: hold and wait; connection pools are exhausted in this way.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

#include <heddle/check.h>

#define UNITS 2

struct shared {
    sem_t connections;
    pthread_mutex_t collecting; /* in the repaired twin: held while units are taken */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(sem_init(&shared->connections, 0, UNITS) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->collecting, NULL) == 0);
}

static void give_back(struct shared *shared)
{
    for (int unit = 0; unit < UNITS; unit++) {
        HD_EXPECT(sem_post(&shared->connections) == 0);
    }
}

static void copy_between_two(void *state)
{
    struct shared *shared = state;

    (void)sem_wait(&shared->connections);
    (void)sem_wait(&shared->connections); /* finding */
    give_back(shared);
}

static void copy_between_two_in_turn(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->collecting);
    (void)sem_wait(&shared->connections);
    (void)sem_wait(&shared->connections);
    (void)pthread_mutex_unlock(&shared->collecting);
    give_back(shared);
}

const struct hd_scenario hd_scenario_semaphore_units_exhausted = {
    .summary = "two threads take two units each, one by one, of two",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {copy_between_two, copy_between_two},
    .fixed = {copy_between_two_in_turn, copy_between_two_in_turn},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
