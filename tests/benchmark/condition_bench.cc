/*
 * Condition: one thread notifies while nobody waits; two threads pass a turn to and fro.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/condition.h>
#include <heddle/lock.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_lock lock = HD_LOCK_INITIALIZER;
    struct hd_condition condition = HD_CONDITION_INITIALIZER(&lock);

    void acquire() { hd_lock_acquire(&lock); }
    void release() { bench::require(hd_lock_release(&lock) == HD_OK); }
    void wait() { bench::require(hd_condition_wait(&condition) == HD_OK); }
    void notify() { bench::require(hd_condition_notify(&condition, 1) == HD_OK); }
};

struct glibc {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

    void acquire() { bench::require(pthread_mutex_lock(&mutex) == 0); }
    void release() { bench::require(pthread_mutex_unlock(&mutex) == 0); }
    void wait() { bench::require(pthread_cond_wait(&condition, &mutex) == 0); }
    void notify() { bench::require(pthread_cond_signal(&condition) == 0); }
};

struct ck {
    struct hd_ck_lock *const lock = hd_ck_lock_new();
    struct hd_ck_condition *const condition = hd_ck_condition_new(lock);

    void acquire() { hd_ck_lock_acquire(lock); }
    void release() { hd_ck_lock_release(lock); }
    void wait() { hd_ck_condition_wait(condition); }
    void notify() { hd_ck_condition_notify(condition); }
};

template <class Monitor> struct turns : Monitor {
    int turn = 0; /* under the monitor's lock: whose turn it is */

    void alone()
    {
        Monitor::acquire();
        Monitor::notify();
        Monitor::release();
    }
    void together(int thread)
    {
        Monitor::acquire();
        while (turn != thread) {
            Monitor::wait();
        }
        turn = 1 - thread;
        Monitor::notify();
        Monitor::release();
    }
};

const bool is_registered = bench::compare<turns<ours>, turns<glibc>, turns<ck>>(
    "condition/notify_or_turn", {"hd_condition", "pthread_cond", "ck_ec"});

} // namespace
