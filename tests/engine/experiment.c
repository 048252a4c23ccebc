/*
 * Experiment: the loop.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/experiment.h"

#include <stdlib.h>

#include "engine/context.h"

static void (*const *the_functions)(void *);
static unsigned the_count;

struct hde_settings hd_experiment_settings(void)
{
    return (struct hde_settings){
        .visibility = HDE_VISIBLE_RACY,
        .steps_max = 1000000,
        .budgets = hde_budgets_without_faults,
    };
}

static void run_threads(const void *argument)
{
    (void)argument;
    hde_execution_run_threads(the_functions, the_count, NULL);
}

struct hde_program hd_experiment_threads(void (*const *functions)(void *), unsigned count)
{
    the_functions = functions;
    the_count = count;
    return (struct hde_program){.name = "experiment", .body = run_threads};
}

static void count(struct experiment *experiment)
{
    uint32_t had[HD_VERDICTS] = {0};

    experiment->executions++;
    experiment->ended[hde_execution.end]++;
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        had[hde_execution.findings[i].kind] = 1;
    }
    for (unsigned kind = 0; kind < HD_VERDICTS; kind++) {
        experiment->with[kind] += had[kind];
    }
    if (experiment->first.kind == HD_CLEAN && hde_execution.findings_count > 0) {
        experiment->first = hde_execution.findings[0];
    }
}

struct experiment hd_experiment_run(const struct hde_program *program,
                                    const struct hde_settings *settings,
                                    const struct hde_strategy *strategy,
                                    uint64_t first_seed,
                                    uint32_t executions)
{
    const struct hde_strategy_options options = {.preemptions = 2};
    struct experiment experiment = {.executions = 0};
    void *state = calloc(1, strategy->state_size);

    if (state == NULL) {
        abort();
    }
    hde_execution_start();
    hde_execution_forget_visible();
    if (strategy->start != NULL) {
        strategy->start(state, &options);
    }
    for (bool has_more = true; has_more && experiment.executions < executions;) {
        strategy->begin(state, first_seed + experiment.executions);
        hde_execution_run(program, settings, strategy, state);
        has_more = strategy->end(state);
        count(&experiment);
    }
    if (strategy->stop != NULL) {
        strategy->stop(state);
    }
    free(state);
    return experiment;
}

uint32_t hd_experiment_call_depth(void)
{
    return hde_self == NULL ? 0 : hde_contexts[hde_self->context].depth;
}
