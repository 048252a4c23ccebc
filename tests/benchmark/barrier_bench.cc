/*
 * Barrier: rounds of one party, and of two.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/barrier.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    alignas(64) struct hd_barrier of_one = HD_BARRIER_INITIALIZER(1);
    alignas(64) struct hd_barrier of_two = HD_BARRIER_INITIALIZER(2);

    void alone() { bench::require(hd_barrier_wait(&of_one, nullptr) == HD_OK); }
    void together(int) { bench::require(hd_barrier_wait(&of_two, nullptr) == HD_OK); }
};

struct glibc {
    alignas(64) pthread_barrier_t of_one;
    alignas(64) pthread_barrier_t of_two;

    glibc()
    {
        bench::require(pthread_barrier_init(&of_one, nullptr, 1) == 0);
        bench::require(pthread_barrier_init(&of_two, nullptr, 2) == 0);
    }
    static void wait(pthread_barrier_t *barrier)
    {
        const int result = pthread_barrier_wait(barrier);

        bench::require(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
    }
    void alone() { wait(&of_one); }
    void together(int) { wait(&of_two); }
};

struct ck {
    struct hd_ck_barrier *const of_one = hd_ck_barrier_new(1);
    struct hd_ck_barrier *const of_two = hd_ck_barrier_new(2);
    struct hd_ck_barrier_party *const parties[3] = {
        hd_ck_barrier_party_new(), hd_ck_barrier_party_new(), hd_ck_barrier_party_new()};

    void alone() { hd_ck_barrier_wait(of_one, parties[2]); }
    void together(int thread) { hd_ck_barrier_wait(of_two, parties[thread]); }
};

const bool is_registered = bench::compare<ours, glibc, ck>(
    "barrier/round", {"hd_barrier", "pthread_barrier", "ck_barrier_centralized"});

} // namespace
