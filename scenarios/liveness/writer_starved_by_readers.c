/*
 * Writer starved by readers: they read until the writer has written, and it waits for a moment in
 * which none of them reads.
 *
 * Bug      As long as the readers' visits overlap there is no such moment: they read on for ever.
 * Needs    3 threads, 0 preemptions: a reader that reads on and on lets the other one read.
 * Fix      A lock that lets no reader pass a waiting writer: hd_rwlock.
 * Source   Courtois, Heymans, Parnas, Concurrent control with "readers" and "writers", CACM 1971;
 *          glibc's default, PTHREAD_RWLOCK_PREFER_READER_NP, is the first of their two problems.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/rwlock.h>

struct shared {
    pthread_rwlock_t unfair;
    struct hd_rwlock fair;
    bool is_written; /* atomic; written under the lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_rwlock_init(&shared->unfair, NULL) == 0);
    hd_rwlock_init(&shared->fair);
}

static bool is_written(const struct shared *shared)
{
    return __atomic_load_n(&shared->is_written, __ATOMIC_RELAXED);
}

static void read_until_written(void *state)
{
    struct shared *shared = state;
    bool has_seen = false;

    while (!has_seen) {
        (void)pthread_rwlock_rdlock(&shared->unfair);
        has_seen = is_written(shared);
        (void)pthread_rwlock_unlock(&shared->unfair);
    }
}

static void write(void *state)
{
    struct shared *shared = state;

    (void)pthread_rwlock_wrlock(&shared->unfair); /* finding */
    __atomic_store_n(&shared->is_written, true, __ATOMIC_RELAXED);
    (void)pthread_rwlock_unlock(&shared->unfair);
}

static void read_fairly_until_written(void *state)
{
    struct shared *shared = state;
    bool has_seen = false;

    while (!has_seen) {
        HD_EXPECT(hd_rwlock_acquire_shared(&shared->fair) == HD_OK);
        has_seen = is_written(shared);
        HD_EXPECT(hd_rwlock_release_shared(&shared->fair) == HD_OK);
    }
}

static void write_fairly(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_rwlock_acquire_exclusive(&shared->fair) == HD_OK);
    __atomic_store_n(&shared->is_written, true, __ATOMIC_RELAXED);
    HD_EXPECT(hd_rwlock_release_exclusive(&shared->fair) == HD_OK);
}

static void check(const void *state) { HD_EXPECT(is_written(state)); }

const struct hd_scenario hd_scenario_writer_starved_by_readers = {
    .summary = "a writer that waits until nobody reads",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_until_written, read_until_written, write},
    .fixed = {read_fairly_until_written, read_fairly_until_written, write_fairly},
    .check = check,
    .sc = HD_STARVATION,
    .c11 = HD_STARVATION,
};
