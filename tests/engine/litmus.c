/*
 * Litmus programs as the engine runs them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/litmus.h"

#include <stdlib.h>

#define THREADS_MAX 16U

unsigned hd_litmus_self(void) { return hde_self->id; }

static void run(const void *argument)
{
    const struct litmus *litmus = argument;
    void (*functions[THREADS_MAX])(void *);

    for (unsigned i = 0; i < litmus->threads_count; i++) {
        functions[i] = litmus->thread;
    }
    hde_execution_run_threads(functions, litmus->threads_count, NULL);
}

struct hde_program hd_litmus_program(const struct litmus *litmus)
{
    return (struct hde_program){.name = litmus->name, .body = run, .argument = litmus};
}

struct hde_settings hd_litmus_settings(enum hde_visibility visibility)
{
    return (struct hde_settings){
        .visibility = visibility,
        .steps_max = 100000,
        .budgets = hde_budgets_without_faults,
    };
}

void hd_litmus_run(const struct litmus *litmus,
                   const struct hde_settings *settings,
                   const struct hde_strategy *strategy,
                   uint64_t seed)
{
    static const struct hde_strategy_options options;
    const struct hde_program program = hd_litmus_program(litmus);
    void *state = calloc(1, strategy->state_size);

    if (state == NULL) {
        abort();
    }
    if (strategy->start != NULL) {
        strategy->start(state, &options);
    }
    strategy->begin(state, seed);
    hde_execution_run(&program, settings, strategy, state);
    (void)strategy->end(state);
    if (strategy->stop != NULL) {
        strategy->stop(state);
    }
    free(state);
}
