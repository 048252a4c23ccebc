/*
 * Programs for the tests of explorations, jobs and the watchdog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/hunted.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

struct shared {
    pthread_mutex_t lock;
    int counter; /* under lock */
    int other;
    _Atomic int sum;
};

static void setup(void *state) { (void)pthread_mutex_init(&((struct shared *)state)->lock, NULL); }

static void increment(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->counter++;
    (void)pthread_mutex_unlock(&shared->lock);
}

const struct hd_scenario hunted_clean = {
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {increment, increment},
};

static void add_in_two_steps(void *state)
{
    struct shared *shared = state;
    int sum = atomic_load_explicit(&shared->sum, memory_order_relaxed);

    atomic_store_explicit(&shared->sum, sum + 1, memory_order_relaxed);
}

static void check_sum(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(atomic_load_explicit(&shared->sum, memory_order_relaxed) == 2);
}

const struct hd_scenario hunted_lost = {
    .state_size = sizeof(struct shared),
    .threads = {add_in_two_steps, add_in_two_steps},
    .check = check_sum,
    .sc = HD_FAILURE,
};

static void touch_both(void *state)
{
    struct shared *shared = state;

    shared->counter = 1;
    shared->other = 1;
}

const struct hd_scenario hunted_two_races = {
    .state_size = sizeof(struct shared),
    .threads = {touch_both, touch_both},
    .sc = HD_DATA_RACE,
};

static void choose_death(void *state)
{
    uint32_t choice = hd_choose(HUNTED_CHOICES);

    (void)state;
    if (choice == 2) {
        (void)kill(getpid(), SIGKILL);
    }
    HD_EXPECT(choice != 1);
}

const struct hd_scenario hunted_deadly = {
    .threads = {choose_death},
    .sc = HD_FAILURE,
};

static void loop_for_ever(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    for (;;) {
        __asm__ volatile("");
    }
}

const struct hd_scenario hunted_endless = {
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {loop_for_ever, increment},
};
