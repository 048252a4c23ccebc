/*
 * Lock: acquire and release. With two threads, both do it without a pause: nearly every acquire is
 * contended, and what counts is how often the lock need not change hands.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/lock.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_lock lock = HD_LOCK_INITIALIZER;

    void alone()
    {
        hd_lock_acquire(&lock);
        bench::require(hd_lock_release(&lock) == HD_OK);
    }
    void together(int) { alone(); }
};

struct glibc {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    void alone()
    {
        bench::require(pthread_mutex_lock(&mutex) == 0);
        bench::require(pthread_mutex_unlock(&mutex) == 0);
    }
    void together(int) { alone(); }
};

struct ck {
    struct hd_ck_lock *const lock = hd_ck_lock_new();

    void alone()
    {
        hd_ck_lock_acquire(lock);
        hd_ck_lock_release(lock);
    }
    void together(int) { alone(); }
};

const bool is_registered = bench::compare<ours, glibc, ck>(
    "lock/acquire_release", {"hd_lock", "pthread_mutex", "ck_spinlock_fas"});

} // namespace
