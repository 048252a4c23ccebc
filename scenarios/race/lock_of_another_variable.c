/*
 * Lock of another variable: a function takes a lock, but not the one that guards what it changes.
 *
 * Bug      Data race on `sizes_total`: everybody else changes it under `sizes_lock`, and rename()
 *          under `names_lock`. Every access is under a lock, and that looks right in each function
 *          alone.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between one thread's load of
 *          the total and its store.
 * Fix      Take `sizes_lock` for the sizes.
 * Source   Textbook; a common slip in code review (Lu et al., "Learning from Mistakes", ASPLOS
 *          2008).
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t names_lock;
    pthread_mutex_t sizes_lock;
    int names_changed; /* under names_lock */
    int sizes_total;   /* under sizes_lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->names_lock, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->sizes_lock, NULL) == 0);
}

static void grow(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->sizes_lock);
    shared->sizes_total += 100; /* finding */
    (void)pthread_mutex_unlock(&shared->sizes_lock);
}

static void rename_longer(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->names_lock);
    shared->names_changed++;
    shared->sizes_total += 5; /* finding */
    (void)pthread_mutex_unlock(&shared->names_lock);
}

static void rename_longer_with_both(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->names_lock);
    shared->names_changed++;
    (void)pthread_mutex_unlock(&shared->names_lock);
    (void)pthread_mutex_lock(&shared->sizes_lock);
    shared->sizes_total += 5;
    (void)pthread_mutex_unlock(&shared->sizes_lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->sizes_total == 105);
}

const struct hd_scenario hd_scenario_lock_of_another_variable = {
    .summary = "a variable changed under the lock of another one",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {grow, rename_longer},
    .fixed = {grow, rename_longer_with_both},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
