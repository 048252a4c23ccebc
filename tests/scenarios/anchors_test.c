/*
 * Anchors: each choice is an event of its own.
 *
 * A schedule names a choice by its thread and that thread's event number. If two choices had one
 * number, a replay would make one of them where the other was, or none: so the numbers of a
 * thread's choices grow from each to the next, whatever kinds of choice there are. All scenarios
 * and twins are walked through at random, with every fault allowed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/execution.h"
#include "engine/scenario.h"

#define EXECUTIONS 1000U
#define FAULTS 3U /* of each kind, in an execution */

/* The random walk, and the event number of each thread's last choice. */
struct walk {
    const struct hde_strategy *random;
    void *state;
    uint32_t last[HDE_THREADS_MAX];
    uint64_t choices[HDE_CHOICE_KINDS];
    uint64_t shared; /* choices with the number of the one before */
};

static void begin(void *state, uint64_t seed)
{
    struct walk *walk = state;

    walk->random->begin(walk->state, seed);
    for (unsigned thread = 0; thread < HDE_THREADS_MAX; thread++) {
        walk->last[thread] = 0;
    }
}

/* A thread's first event has number 1; what is before it, number 0, is one choice at most. */
static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct walk *walk = state;
    uint32_t number = choice->event + 1;

    walk->shared += number <= walk->last[choice->thread];
    walk->last[choice->thread] = number;
    walk->choices[choice->kind]++;
    return walk->random->choose(walk->state, choice);
}

static bool end(void *state)
{
    struct walk *walk = state;

    return walk->random->end(walk->state);
}

static const struct hde_strategy walking = {
    .name = "walking",
    .summary = "the random walk, looked at",
    .state_size = sizeof(struct walk),
    .begin = begin,
    .choose = choose,
    .end = end,
};

static void walk_through(const struct hde_scenario *scenario, bool is_fixed, struct walk *walk)
{
    struct hde_settings settings = {.visibility = HDE_VISIBLE_RACY, .steps_max = 20000};
    const struct hde_program program = hde_scenario_program(scenario, is_fixed);

    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        settings.budgets.of[kind] = kind < HDE_CHOICE_FIRST_FAULT ? HDE_UNLIMITED : FAULTS;
    }
    hde_execution_forget_visible();
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        begin(walk, seed);
        hde_execution_run(&program, &settings, &walking, walk);
        (void)end(walk);
    }
    if (walk->shared > 0) {
        fail_msg("%s: two choices have one event number", program.name);
    }
}

static void test_each_choice_has_a_number_of_its_own(void **state)
{
    struct walk walk = {.random = hde_strategy_named("random")};

    (void)state;
    walk.state = calloc(1, walk.random->state_size);
    assert_non_null(walk.state);
    hde_execution_start();
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        walk_through(scenario, false, &walk);
        if (hde_scenario_has_fix(scenario->scenario)) {
            walk_through(scenario, true, &walk);
        }
    }
    free(walk.state);
    /* No scenario chooses a value; hde_choose_value() numbers it as a fault is numbered. */
    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        print_message("%-10s %llu choices\n", hde_budget_name(kind),
                      (unsigned long long)walk.choices[kind]);
        assert_true(walk.choices[kind] > 0 || kind == HDE_CHOICE_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_choice_has_a_number_of_its_own),
    };

    return cmocka_run_group_tests_name("scenarios.anchors", tests, NULL, NULL);
}
