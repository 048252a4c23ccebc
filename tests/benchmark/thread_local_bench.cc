/*
 * Thread-local: set a value and get it back.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/thread_local.h>

#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_thread_local local = HD_THREAD_LOCAL_INITIALIZER(nullptr);

    void alone()
    {
        bench::require(hd_thread_local_set(&local, this) == HD_OK);
        bench::require(hd_thread_local_get(&local) == this);
    }
    void together(int) { alone(); }
};

struct glibc {
    pthread_key_t key = 0;

    glibc() { bench::require(pthread_key_create(&key, nullptr) == 0); }
    void alone()
    {
        bench::require(pthread_setspecific(key, this) == 0);
        bench::require(pthread_getspecific(key) == this);
    }
    void together(int) { alone(); }
};

const bool is_registered = bench::compare<ours, glibc, bench::none>(
    "thread_local/set_get", {"hd_thread_local", "pthread_setspecific", nullptr});

} // namespace
