/*
 * Lock acquired twice: a function that holds the lock calls one that takes it.
 *
 * Bug      `empty` holds `lock` and calls `size`, which waits for it: for itself.
 * Needs    1 thread, 0 preemptions: every execution hangs. The second thread only waits behind it.
 * Fix      `empty` calls `size_locked`, which is for those who hold the lock.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    int items;   /* under lock */
    int removed; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
}

static int size_locked(const struct shared *shared) { return shared->items; }

static int size(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->lock); /* finding */
    int items = size_locked(shared);

    (void)pthread_mutex_unlock(&shared->lock);
    return items;
}

static void put(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->items++;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void empty(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->removed += size(shared);
    shared->items = 0;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void empty_with_lock(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->removed += size_locked(shared);
    shared->items = 0;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->items + shared->removed == 1);
}

const struct hd_scenario hd_scenario_lock_acquired_twice = {
    .summary = "a lock is taken again by the thread that holds it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {empty, put},
    .fixed = {empty_with_lock, put},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
