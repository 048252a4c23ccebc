/*
 * Thread: spawn and join of one that does nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/thread.h>

#include "tests/benchmark/comparison.h"

namespace
{

void *do_nothing(void *argument) { return argument; }

struct ours {
    void alone()
    {
        struct hd_thread thread = HD_THREAD_INITIALIZER;

        bench::require(hd_thread_spawn(&thread, "idle", do_nothing, nullptr) == HD_OK);
        bench::require(hd_thread_join(&thread, nullptr) == HD_OK);
    }
    void together(int) { alone(); }
};

struct glibc {
    void alone()
    {
        pthread_t thread;

        bench::require(pthread_create(&thread, nullptr, do_nothing, nullptr) == 0);
        bench::require(pthread_join(thread, nullptr) == 0);
    }
    void together(int) { alone(); }
};

} // namespace

template <> inline constexpr bool bench::has_own_core<ours> = false;
template <> inline constexpr bool bench::has_own_core<glibc> = false;

namespace
{

const bool is_registered = bench::compare<ours, glibc, bench::none>(
    "thread/spawn_join", {"hd_thread", "pthread_create", nullptr});

} // namespace
