/*
 * Executions a second: each strategy with 3 threads, and the random walk with more and more of
 * them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include "tests/engine/benchmark/executions.h"
#include "tests/engine/benchmark/increments.h"

static double resident_mib()
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<double>(usage.ru_maxrss) / 1024 : 0;
}

static void measure(benchmark::State &state, const char *strategy, void (*function)(void *))
{
    struct executions *executions =
        hd_executions_new(strategy, static_cast<unsigned>(state.range(0)), function);
    uint64_t steps = 0;

    for (auto _ : state) {
        steps += hd_executions_run(executions);
    }
    hd_executions_delete(executions);
    state.counters["executions"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.counters["steps"] =
        benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
    state.counters["resident_MiB"] = resident_mib();
}

static void run(benchmark::State &state, const char *strategy)
{
    measure(state, strategy, hd_increments_run);
}

static void run_random(benchmark::State &state, void (*function)(void *))
{
    measure(state, "random", function);
}

static void by_threads(benchmark::internal::Benchmark *row)
{
    row->ArgName("threads")->Arg(3)->Arg(10)->Arg(30)->Arg(100);
}

BENCHMARK_CAPTURE(run, random, "random")->Apply(by_threads);
BENCHMARK_CAPTURE(run, pct, "pct")->Apply(by_threads);
BENCHMARK_CAPTURE(run, pos, "pos")->Apply(by_threads);
BENCHMARK_CAPTURE(run, sticky, "sticky")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, urw, "urw")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, surw, "surw")->Apply(by_threads);
BENCHMARK_CAPTURE(run, rff, "rff")->Apply(by_threads);
BENCHMARK_CAPTURE(run, mix, "mix")->Apply(by_threads);
BENCHMARK_CAPTURE(run_random, nested, hd_increments_run_nested)->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run_random, blocks, hd_increments_run_with_blocks)->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run_random, atomics, hd_increments_run_with_atomics)->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run_random, accesses, hd_increments_run_with_accesses)
    ->ArgName("threads")
    ->Arg(3);
BENCHMARK_CAPTURE(run_random, waits, hd_increments_run_with_waits)->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run_random, tries, hd_increments_run_with_tries)->ArgName("threads")->Arg(3);
