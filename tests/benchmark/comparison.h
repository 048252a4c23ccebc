/*
 * Comparison: one workload on ours, glibc's and Concurrency Kit's form of a primitive.
 *
 *     struct ours {
 *         struct hd_lock lock = HD_LOCK_INITIALIZER;
 *         void alone() { ... }      // what one thread repeats
 *         void together(int) { ... } // what each of two threads repeats; its argument is 0 or 1
 *     };
 *     const bool is_registered = bench::compare<ours, glibc, ck>(
 *         "lock/acquire_release", {"hd_lock", "pthread_mutex", "ck_spinlock_fas"});
 *
 * One object of each type is shared by all threads and repetitions, in cache lines of its own; it must
 * be left as it was found. The names become "<primitive>/<workload>/<ours|glibc|ck>:<label>", which
 * is what `run` reads. Time is wall time, for one call of alone() or together() of one thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_BENCHMARK_COMPARISON_H
#define HEDDLE_TESTS_BENCHMARK_COMPARISON_H

#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <string>
#include <type_traits>

#include <benchmark/benchmark.h>

extern "C" {
#include "primitives/spin.h"
}

namespace bench
{

/* Stands for the form of a primitive that glibc or CK does not have. */
struct none {
};

struct labels {
    const char *ours;
    const char *glibc;
    const char *ck;
};

/* What must hold or the figures are worthless. */
inline void require(bool holds)
{
    if (__builtin_expect(!holds, 0)) {
        std::abort();
    }
}

/* Repeat a try that fails while the other thread is not far enough; let it run if it does not. */
template <class Try> inline void spin_until(Try succeeds)
{
    for (unsigned tries = 1; !succeeds(); tries++) {
        if (tries % 64 == 0) {
            sched_yield();
        } else {
            hd_spin_pause();
        }
    }
}

template <class Subject> Subject &shared()
{
    alignas(64) static Subject subject;
    return subject;
}

/* While it lives, the thread has a core of its own: two threads on one core would never meet. */
class pinned
{
  public:
    explicit pinned(int thread)
    {
        cpu_set_t chosen;
        int wanted = 0;

        /* The library looks once how many cores there are to wait on: not from a pinned thread. */
        (void)hd_spin_limit();
        require(sched_getaffinity(0, sizeof(before), &before) == 0);
        CPU_ZERO(&chosen);
        for (int core = 0; core < CPU_SETSIZE; core++) {
            if (CPU_ISSET(core, &before) && wanted++ == thread % CPU_COUNT(&before)) {
                CPU_SET(core, &chosen);
            }
        }
        require(sched_setaffinity(0, sizeof(chosen), &chosen) == 0);
    }
    ~pinned() { require(sched_setaffinity(0, sizeof(before), &before) == 0); }

  private:
    cpu_set_t before;
};

/* How long this thread has been ready to run without a core, in ns; Linux keeps count of it. */
inline double waited_for_core_ns()
{
    std::ifstream statistics("/proc/thread-self/schedstat");
    double ran_ns = 0;
    double waited_ns = 0;

    statistics >> ran_ns >> waited_ns;
    return waited_ns;
}

template <class Subject> void alone(benchmark::State &state)
{
    Subject &subject = shared<Subject>();
    const double before_ns = waited_for_core_ns();

    for (auto _ : state) {
        subject.alone();
    }
    state.counters["waited_for_core_ns"] = waited_for_core_ns() - before_ns;
}

template <class Subject> void together(benchmark::State &state)
{
    Subject &subject = shared<Subject>();
    const int thread = state.thread_index();

    const pinned own_core(thread);
    const double before_ns = waited_for_core_ns();

    for (auto _ : state) {
        subject.together(thread);
    }
    state.counters["waited_for_core_ns"] = waited_for_core_ns() - before_ns;
}

template <class Subject> void add(const char *workload, const char *side, const char *label)
{
    if constexpr (!std::is_same_v<Subject, none>) {
        const std::string name = std::string(workload) + "/" + side + ":" + label;

        benchmark::RegisterBenchmark(name.c_str(), alone<Subject>)->Threads(1)->UseRealTime();
        benchmark::RegisterBenchmark(name.c_str(), together<Subject>)->Threads(2)->UseRealTime();
    }
}

/* Register `workload` for one and for two threads, on each side that has it. */
template <class Ours, class Glibc, class Ck> bool compare(const char *workload, const labels &names)
{
    add<Ours>(workload, "ours", names.ours);
    add<Glibc>(workload, "glibc", names.glibc);
    add<Ck>(workload, "ck", names.ck);
    return true;
}

} // namespace bench

#endif
