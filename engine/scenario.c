/*
 * Scenarios as programs: setup, the threads, check, all on thread 0 but for the threads.
 *
 * The state is the first block that thread 0 allocates, so it lies at the same address in every
 * execution and is one of those that reports can name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/scenario.h"

#include <stddef.h>

#include "engine/arena.h"
#include "engine/fatal.h"

#define STATE_ALIGNMENT 64U

/* What of a descriptor runs. */
struct variant {
    void (*setup)(void *state);
    void (*const *threads)(void *state);
    void (*main)(void *state);
};

static unsigned count_threads(void (*const *threads)(void *))
{
    unsigned count = 0;

    while (count < HD_SCENARIO_THREADS_MAX && threads[count] != NULL) {
        count++;
    }
    return count;
}

/* That it returns is a step like any other: threads that it leaves behind may run before. */
static void run_main(const struct hd_scenario *scenario, void (*main)(void *), void *state)
{
    const struct hde_event end = {.kind = HDE_EVENT_MAIN_END, .writes = true};

    main(state);
    hde_step(&end);
    if (scenario->join_at_exit) {
        hde_execution_await_threads();
    } else {
        hde_execution_stop_threads();
    }
}

static void run(const struct hd_scenario *scenario, const struct variant *variant)
{
    void *state = hde_arena_take(0, scenario->state_size, STATE_ALIGNMENT, 0);

    if (state == NULL) {
        hde_fatal("a scenario's state_size is larger than the arena");
    }
    if (variant->setup != NULL) {
        variant->setup(state);
    }
    if (variant->main != NULL) {
        run_main(scenario, variant->main, state);
    } else {
        hde_execution_run_threads(variant->threads, count_threads(variant->threads), state);
    }
    if (scenario->check != NULL) {
        scenario->check(state);
    }
}

static void run_program(const void *argument)
{
    const struct hd_scenario *scenario = argument;
    const struct variant variant = {
        .setup = scenario->setup,
        .threads = scenario->threads,
        .main = scenario->main,
    };

    run(scenario, &variant);
}

static void run_twin(const void *argument)
{
    const struct hd_scenario *scenario = argument;
    bool has_threads = scenario->fixed[0] != NULL;
    const struct variant variant = {
        .setup = scenario->fixed_setup != NULL ? scenario->fixed_setup : scenario->setup,
        .threads = has_threads ? scenario->fixed : scenario->threads,
        .main = scenario->fixed_main != NULL ? scenario->fixed_main
                : has_threads                ? NULL
                                             : scenario->main,
    };

    run(scenario, &variant);
}

struct hde_program hde_scenario_program(const struct hde_scenario *scenario, bool is_fixed)
{
    return (struct hde_program){
        .name = is_fixed ? scenario->fixed_name : scenario->name,
        .body = is_fixed ? run_twin : run_program,
        .argument = scenario->scenario,
    };
}

bool hde_scenario_has_fix(const struct hd_scenario *scenario)
{
    return scenario->fixed_setup != NULL || scenario->fixed[0] != NULL ||
           scenario->fixed_main != NULL;
}
