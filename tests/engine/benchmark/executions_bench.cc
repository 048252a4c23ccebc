/*
 * Executions a second: each strategy with 3 threads, and the random walk with more and more of
 * them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include "tests/engine/benchmark/executions.h"

static double resident_mib()
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<double>(usage.ru_maxrss) / 1024 : 0;
}

static void measure(benchmark::State &state, const char *strategy, bool has_blocks)
{
    struct executions *executions =
        hd_executions_new(strategy, static_cast<unsigned>(state.range(0)), has_blocks);
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

static void run(benchmark::State &state, const char *strategy) { measure(state, strategy, false); }

static void run_blocks(benchmark::State &state, const char *strategy)
{
    measure(state, strategy, true);
}

BENCHMARK_CAPTURE(run_blocks, random, "random")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, random, "random")->ArgName("threads")->Arg(3)->Arg(10)->Arg(30)->Arg(100);
BENCHMARK_CAPTURE(run, sticky, "sticky")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, pct, "pct")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, pos, "pos")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, urw, "urw")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, surw, "surw")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, rff, "rff")->ArgName("threads")->Arg(3);
BENCHMARK_CAPTURE(run, mix, "mix")->ArgName("threads")->Arg(3);
