/*
 * Recursive read lock: a reader locks for reading once more, and a writer has come in between.
 *
 * Bug      The lock prefers writers: a new read lock waits behind a writer that waits. That writer
 *          waits for the first read lock of the same reader.
 * Needs    2 threads, 1 preemption: between the reader's two locks.
 * Fix      The inner function does not lock: it is called with the lock held.
 * Source   NSPR bug 526805; pthread_rwlockattr_setkind_np(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    pthread_rwlock_t lock;
    int entries; /* under lock */
    int bytes;   /* under lock: 10 for each entry */
    int seen;    /* written by the reader only */
};

static void setup(void *state)
{
    struct shared *shared = state;
    pthread_rwlockattr_t attributes;

    HD_EXPECT(pthread_rwlockattr_init(&attributes) == 0);
    HD_EXPECT(pthread_rwlockattr_setkind_np(&attributes,
                                            PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    HD_EXPECT(pthread_rwlock_init(&shared->lock, &attributes) == 0);
    HD_EXPECT(pthread_rwlockattr_destroy(&attributes) == 0);
}

static int bytes_locked(const struct shared *shared) { return shared->bytes; }

static int bytes(struct shared *shared)
{
    (void)pthread_rwlock_rdlock(&shared->lock); /* finding */
    int bytes = bytes_locked(shared);

    (void)pthread_rwlock_unlock(&shared->lock);
    return bytes;
}

static void report(void *state)
{
    struct shared *shared = state;

    (void)pthread_rwlock_rdlock(&shared->lock);
    shared->seen = bytes(shared) - 10 * shared->entries;
    (void)pthread_rwlock_unlock(&shared->lock);
}

static void report_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_rwlock_rdlock(&shared->lock);
    shared->seen = bytes_locked(shared) - 10 * shared->entries;
    (void)pthread_rwlock_unlock(&shared->lock);
}

static void add(void *state)
{
    struct shared *shared = state;

    (void)pthread_rwlock_wrlock(&shared->lock); /* finding */
    shared->entries++;
    shared->bytes += 10;
    (void)pthread_rwlock_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->seen == 0);
}

const struct hd_scenario hd_scenario_recursive_read_lock = {
    .summary = "a reader locks again behind a writer that waits for it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {report, add},
    .fixed = {report_locked, add},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
