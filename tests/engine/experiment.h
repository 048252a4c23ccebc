/*
 * Experiment: run a program many times and count what was found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_EXPERIMENT_H
#define HEDDLE_TESTS_ENGINE_EXPERIMENT_H

#include <stdint.h>

#include "engine/execution.h"

struct experiment {
    uint32_t executions;               /* that were run */
    uint32_t with[HD_VERDICTS];        /* executions that had a finding of this kind */
    uint32_t ended[HDE_END_STEPS + 1]; /* executions that ended so */
    struct hde_finding first;          /* kind HD_CLEAN if there was none */
};

/* What tests begin with: data races are findings, and make memory visible. */
struct hde_settings hd_experiment_settings(void);

/* A program that runs functions[0..count) on threads 1 to count; valid until the next call. */
struct hde_program hd_experiment_threads(void (*const *functions)(void *), unsigned count);

/* Run it under a strategy with seeds first_seed, first_seed + 1, ... */
struct experiment hd_experiment_run(const struct hde_program *program,
                                    const struct hde_settings *settings,
                                    const struct hde_strategy *strategy,
                                    uint64_t first_seed,
                                    uint32_t executions);

/* In how many calls of instrumented functions the running thread is; 0 outside an execution. */
uint32_t hd_experiment_call_depth(void);

#endif
