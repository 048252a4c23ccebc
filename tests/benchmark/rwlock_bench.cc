/*
 * Reader-writer lock: acquire and release, shared and exclusive.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/rwlock.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_rwlock rwlock = HD_RWLOCK_INITIALIZER;

    void shared()
    {
        bench::require(hd_rwlock_acquire_shared(&rwlock) == HD_OK);
        bench::require(hd_rwlock_release_shared(&rwlock) == HD_OK);
    }
    void exclusive()
    {
        bench::require(hd_rwlock_acquire_exclusive(&rwlock) == HD_OK);
        bench::require(hd_rwlock_release_exclusive(&rwlock) == HD_OK);
    }
};

struct glibc {
    pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

    void shared()
    {
        bench::require(pthread_rwlock_rdlock(&rwlock) == 0);
        bench::require(pthread_rwlock_unlock(&rwlock) == 0);
    }
    void exclusive()
    {
        bench::require(pthread_rwlock_wrlock(&rwlock) == 0);
        bench::require(pthread_rwlock_unlock(&rwlock) == 0);
    }
};

struct ck {
    struct hd_ck_rwlock *const rwlock = hd_ck_rwlock_new();

    void shared()
    {
        hd_ck_rwlock_acquire_shared(rwlock);
        hd_ck_rwlock_release_shared(rwlock);
    }
    void exclusive()
    {
        hd_ck_rwlock_acquire_exclusive(rwlock);
        hd_ck_rwlock_release_exclusive(rwlock);
    }
};

template <class Rwlock> struct readers : Rwlock {
    void alone() { Rwlock::shared(); }
    void together(int) { Rwlock::shared(); }
};

template <class Rwlock> struct writers : Rwlock {
    void alone() { Rwlock::exclusive(); }
    void together(int) { Rwlock::exclusive(); }
};

const bench::labels names = {"hd_rwlock", "pthread_rwlock", "ck_rwlock"};

const bool is_registered =
    bench::compare<readers<ours>, readers<glibc>, readers<ck>>("rwlock/shared", names) &&
    bench::compare<writers<ours>, writers<glibc>, writers<ck>>("rwlock/exclusive", names);

} // namespace
