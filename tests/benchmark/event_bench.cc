/*
 * Event: one thread sets, waits and clears; two threads wake each other in turn.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/event.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_event event = HD_EVENT_INITIALIZER;

    void set() { hd_event_set(&event); }
    void wait() { hd_event_wait(&event); }
    void clear() { hd_event_clear(&event); }
};

/* glibc has no event: a flag under a mutex, and a condition, is how one writes it. */
struct glibc {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t is_set_now = PTHREAD_COND_INITIALIZER;
    bool is_set = false;

    void set()
    {
        bench::require(pthread_mutex_lock(&mutex) == 0);
        is_set = true;
        bench::require(pthread_cond_broadcast(&is_set_now) == 0);
        bench::require(pthread_mutex_unlock(&mutex) == 0);
    }
    void wait()
    {
        bench::require(pthread_mutex_lock(&mutex) == 0);
        while (!is_set) {
            bench::require(pthread_cond_wait(&is_set_now, &mutex) == 0);
        }
        bench::require(pthread_mutex_unlock(&mutex) == 0);
    }
    void clear()
    {
        bench::require(pthread_mutex_lock(&mutex) == 0);
        is_set = false;
        bench::require(pthread_mutex_unlock(&mutex) == 0);
    }
};

struct ck {
    struct hd_ck_event *const event = hd_ck_event_new();

    void set() { hd_ck_event_set(event); }
    void wait() { hd_ck_event_wait(event); }
    void clear() { hd_ck_event_clear(event); }
};

template <class Event> struct pair {
    alignas(64) Event first;
    alignas(64) Event second;

    void alone()
    {
        first.set();
        first.wait();
        first.clear();
    }
    /* Thread 0 calls, thread 1 answers: one step of each is a round trip. */
    void together(int thread)
    {
        if (thread == 0) {
            first.set();
            second.wait();
            second.clear();
        } else {
            first.wait();
            first.clear();
            second.set();
        }
    }
};

const bool is_registered = bench::compare<pair<ours>, pair<glibc>, pair<ck>>(
    "event/set_wait_clear", {"hd_event", "mutex and condition", "ck_ec"});

} // namespace
