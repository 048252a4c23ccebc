/*
 * Reentrant lock: acquire and release of one that is free, and of one that the thread holds
 * already.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/rlock.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;

    void acquire() { bench::require(hd_rlock_acquire(&rlock) == HD_OK); }
    void release() { bench::require(hd_rlock_release(&rlock) == HD_OK); }
};

struct glibc {
    pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

    void acquire() { bench::require(pthread_mutex_lock(&mutex) == 0); }
    void release() { bench::require(pthread_mutex_unlock(&mutex) == 0); }
};

/* CK asks its caller for the number of the thread; finding it costs what it costs others inside. */
struct ck {
    struct hd_ck_rwlock *const rwlock = hd_ck_rwlock_new();

    void acquire()
    {
        static thread_local const char identity = 0;

        hd_ck_rlock_acquire(rwlock, static_cast<unsigned>(reinterpret_cast<size_t>(&identity)));
    }
    void release() { hd_ck_rlock_release(rwlock); }
};

template <class Lock> struct free_one : Lock {
    void alone()
    {
        Lock::acquire();
        Lock::release();
    }
    void together(int) { alone(); }
};

template <class Lock> struct held_one : Lock {
    void alone()
    {
        Lock::acquire();
        for (int i = 0; i < 8; i++) {
            Lock::acquire();
            Lock::release();
        }
        Lock::release();
    }
    void together(int) { alone(); }
};

const bench::labels names = {"hd_rlock", "pthread_mutex recursive", "ck_rwlock recursive"};

const bool is_registered =
    bench::compare<free_one<ours>, free_one<glibc>, free_one<ck>>("rlock/acquire_release", names) &&
    bench::compare<held_one<ours>, held_one<glibc>, held_one<ck>>("rlock/reenter_8_times", names);

} // namespace
