/*
 * Executions: as an exploration runs them, without what comes between them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/benchmark/executions.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/arena.h"
#include "engine/execution.h"
#include "tests/engine/benchmark/increments.h"

struct executions {
    const struct hde_strategy *strategy;
    void *state;
    unsigned threads;
    void (*function)(void *);
    uint64_t seed;
    int counter; /* that the last execution ended with */
};

static void run_increments(const void *argument)
{
    struct executions *executions = *(struct executions *const *)argument;
    void (*functions[EXECUTIONS_THREADS_MAX])(void *);
    const struct hde_block *block =
        hde_arena_take(0, sizeof(struct increments), _Alignof(struct increments) * 2, 0);
    struct increments *shared = (struct increments *)block->address;

    for (unsigned i = 0; i < executions->threads; i++) {
        functions[i] = executions->function;
    }
    hde_execution_run_threads(functions, executions->threads, shared);
    executions->counter = shared->counter;
}

static void fail(const char *why)
{
    (void)fprintf(stderr, "engine_benchmark: %s\n", why);
    exit(3);
}

struct executions *
hd_executions_new(const char *strategy, unsigned threads, void (*function)(void *))
{
    struct executions *executions = calloc(1, sizeof(*executions));
    const struct hde_strategy_options options = {.depth = 3};

    if (executions == NULL) {
        fail("out of memory");
        return NULL;
    }
    executions->threads = threads;
    executions->function = function;
    executions->strategy = hde_strategy_named(strategy);
    if (executions->strategy == NULL) {
        fail("no such strategy");
    }
    executions->state = calloc(1, executions->strategy->state_size);
    if (executions->strategy->start != NULL) {
        executions->strategy->start(executions->state, &options);
    }
    hde_execution_start();
    return executions;
}

uint64_t hd_executions_run(struct executions *executions)
{
    const struct hde_settings settings = {
        .visibility = HDE_VISIBLE_RACY,
        .steps_max = 1000000,
        .budgets = hde_budgets_default,
    };
    const struct hde_program program = {
        .name = "increments", .body = run_increments, .argument = &executions};
    uint64_t events = 0;

    executions->strategy->begin(executions->state, ++executions->seed);
    hde_execution_run(&program, &settings, executions->strategy, executions->state);
    (void)executions->strategy->end(executions->state);
    if (hde_execution.findings_count != 0 ||
        executions->counter != INCREMENTS_EACH * (int)executions->threads) {
        fail("an execution went wrong");
    }
    for (uint32_t id = 0; id < hde_execution.threads_count; id++) {
        events += hde_execution.threads[id].events;
    }
    return events;
}

void hd_executions_delete(struct executions *executions)
{
    if (executions->strategy->stop != NULL) {
        executions->strategy->stop(executions->state);
    }
    free(executions->state);
    free(executions);
}
