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
 * One object of each type is shared by all threads and repetitions, in cache lines of its own; it
 * must be left as it was found. The names become "<primitive>/<workload>/<ours|glibc|ck>:<label>",
 * which is what `run` reads. Time is wall time, divided by the calls that all threads made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_BENCHMARK_COMPARISON_H
#define HEDDLE_TESTS_BENCHMARK_COMPARISON_H

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <optional>
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

/* The core of `cores` that has `index` others before it; modulo how many there are. */
inline size_t nth_core(const cpu_set_t &cores, int index)
{
    int left = index % CPU_COUNT(&cores);
    size_t core = 0;

    while (!CPU_ISSET(core, &cores) || left-- > 0) {
        core++;
    }
    return core;
}

/* While it lives, the thread has a core of its own: two threads on one core would never meet. */
class pinned
{
  public:
    explicit pinned(int thread)
    {
        cpu_set_t chosen;

        /* The library looks once how many cores there are to wait on: not from a pinned thread. */
        (void)hd_spin_limit();
        require(sched_getaffinity(0, sizeof(before), &before) == 0);
        CPU_ZERO(&chosen);
        CPU_SET(nth_core(before, thread), &chosen);
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

/*
 * False for a subject whose threads start others, which must run somewhere: its threads are left
 * where they are, and that they wait for a core is part of what is measured.
 */
template <class Subject> inline constexpr bool has_own_core = true;

template <class Subject> void together(benchmark::State &state)
{
    Subject &subject = shared<Subject>();
    const int thread = state.thread_index();
    std::optional<pinned> own_core;

    if (has_own_core<Subject>) {
        own_core.emplace(thread);
    }
    const double before_ns = waited_for_core_ns();

    for (auto _ : state) {
        subject.together(thread);
    }
    state.counters["waited_for_core_ns"] =
        has_own_core<Subject> ? waited_for_core_ns() - before_ns : 0;
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
