/*
 * Scenarios as programs: setup, the threads, check, all on thread 0 but for the threads.
 *
 * The state is the first block that thread 0 allocates, so it lies at the same address in every
 * execution and is one of those that reports can name. Without a size it is NULL: what is used
 * beyond its end would not be as before in the next execution.
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

/* Whether a NULL stands before a thread, which would not run. */
static bool has_gap(void (*const *threads)(void *))
{
    for (unsigned i = count_threads(threads); i < HD_SCENARIO_THREADS_MAX; i++) {
        if (threads[i] != NULL) {
            return true;
        }
    }
    return false;
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

/* Of the execution that runs: for check, if main does not return. */
static const void *the_state;

static void run_check(const void *argument)
{
    const struct hd_scenario *scenario = argument;

    if (scenario->check != NULL) {
        scenario->check(the_state);
    }
}

static void run(const struct hd_scenario *scenario, const struct variant *variant)
{
    bool has_state = scenario->state_size != 0;
    const struct hde_block *block =
        has_state ? hde_arena_take(0, scenario->state_size, STATE_ALIGNMENT, 0) : NULL;
    void *state = block == NULL ? NULL : (void *)block->address;

    if (has_state && state == NULL) {
        hde_fatal("a scenario's state_size is larger than the arena");
    }
    the_state = state;
    if (variant->setup != NULL) {
        variant->setup(state);
    }
    if (variant->main != NULL) {
        run_main(scenario, variant->main, state);
    } else {
        hde_execution_run_threads(variant->threads, count_threads(variant->threads), state);
    }
    run_check(scenario);
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
        .rest = run_check,
    };
}

bool hde_scenario_has_fix(const struct hd_scenario *scenario)
{
    return scenario->fixed_setup != NULL || scenario->fixed[0] != NULL ||
           scenario->fixed_main != NULL;
}

const char *hde_scenario_fault(const struct hd_scenario *scenario)
{
    if (scenario->summary == NULL) {
        return "has no .summary";
    }
    if (has_gap(scenario->threads) || has_gap(scenario->fixed)) {
        return "has a NULL between its threads: those after it would not run";
    }
    if (scenario->threads[0] == NULL && scenario->main == NULL) {
        return "has neither .threads nor .main: nothing would run";
    }
    if (scenario->threads[0] != NULL && scenario->main != NULL) {
        return "has both .threads and .main: only one of them would run";
    }
    if (scenario->fixed[0] != NULL && scenario->fixed_main != NULL) {
        return "has both .fixed and .fixed_main: only one of them would run";
    }
    return NULL;
}
