/*
 * Lock order: circles are found in executions that went well and driven to a deadlock; what only
 * looks like one is not, and what cannot be reached makes nothing guilty.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/collection.h"
#include "engine/drive.h"
#include "engine/jobs.h"
#include "engine/scenario.h"
#include "engine/watchdog.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/lock_orders.h"

#define LIMIT_S 10U
#define RARE_EXECUTIONS 200000

/* What an exploration came to. */
struct outcome {
    struct hde_tally tally;
    struct hde_collection collection;
    unsigned notes;
    struct hde_inversion note; /* the last one */
};

static struct outcome outcome;

static void collect(void *unused, uint64_t execution, const struct hde_schedule *schedule)
{
    (void)unused;
    hde_collection_add(&outcome.collection, execution, schedule);
}

static void take_note(void *unused, const struct hde_inversion *inversion)
{
    (void)unused;
    outcome.notes++;
    outcome.note = *inversion;
}

static struct hde_program program_of(const struct hd_scenario *descriptor)
{
    static struct hde_scenario scenario;

    scenario = (struct hde_scenario){.name = descriptor->summary, .scenario = descriptor};
    return hde_scenario_program(&scenario, false);
}

/* Explore under `strategy', in `jobs' processes. */
static void explore(const struct hd_scenario *descriptor,
                    const char *strategy,
                    uint64_t executions_max,
                    unsigned jobs)
{
    static struct hde_program program;
    static struct hde_settings settings;

    program = program_of(descriptor);
    settings = hd_experiment_settings();
    memset(&outcome, 0, sizeof(outcome));
    outcome.collection.program = &program;
    outcome.collection.settings = &settings;

    const struct hde_exploration exploration = {
        .program = program,
        .settings = settings,
        .strategy = hde_strategy_named(strategy),
        .options = {.preemptions = 0},
        .seed = 1,
        .executions_max = executions_max,
        .found = collect,
        .unrealised = take_note,
    };

    outcome.tally =
        jobs == 0 ? hde_explore(&exploration) : hde_jobs_explore(&exploration, jobs, LIMIT_S);
}

static void check(const struct lock_order_program *program)
{
    const char *name = program->scenario.summary;
    const struct hde_collection *found = &outcome.collection;

    if (found->count != (program->owes == LOCK_ORDER_DEADLOCK ? 1 : 0)) {
        fail_msg("%s: %zu findings in %ju executions and %ju driven ones", name, found->count,
                 (uintmax_t)outcome.tally.executions, (uintmax_t)outcome.tally.driven);
    }
    if (outcome.notes != (program->owes == LOCK_ORDER_NOTE ? 1 : 0)) {
        fail_msg("%s: %u notes", name, outcome.notes);
    }
    if (found->count > 0) {
        assert_int_equal(found->items[0].finding.kind, HD_DEADLOCK);
        assert_int_equal(found->items[0].finding.class, HDE_CLASS_LOCK_CYCLE);
    }
    assert_int_equal(found->unreplayable, 0);
    if (program->owes == LOCK_ORDER_CLEAN) {
        assert_int_equal(outcome.tally.driven, 0);
    }
    if (program->owes == LOCK_ORDER_NOTE) {
        assert_int_equal(outcome.tally.driven, HDE_DRIVE_TRIES);
        assert_int_equal(outcome.tally.guilty, 0);
        assert_int_equal(outcome.tally.executions_to_first, 0);
    }
}

/*
 * What is clean is clean in all 500; a deadlock comes within three executions and three driven
 * ones, for after one or two all edges were seen, and then one is driven.
 */
static void circles_are_driven_and_look_alikes_are_not(void **unused)
{
    (void)unused;
    for (const struct lock_order_program *program = lock_order_programs;
         program->scenario.summary != NULL; program++) {
        explore(&program->scenario, "random", 500, 0);
        check(program);
        if (program->owes == LOCK_ORDER_DEADLOCK) {
            assert_in_range(outcome.tally.executions, 1, 3);
            assert_in_range(outcome.tally.driven, 0, 3);
        }
        hde_collection_release(&outcome.collection);
    }
}

/* Without preemptions the deadlock of two locks is in no execution of the tree. */
static void an_exhaustive_search_drives_when_it_is_through(void **unused)
{
    (void)unused;
    explore(&lock_order_programs[0].scenario, "dfs", 1000, 0);
    assert_true(outcome.tally.is_complete);
    assert_int_equal(outcome.tally.guilty, 0);
    assert_int_equal(outcome.tally.driven, 1);
    assert_int_equal(outcome.collection.count, 1);
    assert_int_equal(outcome.collection.items[0].finding.kind, HD_DEADLOCK);
    hde_collection_release(&outcome.collection);
}

/*
 * Random executions reach this circle less than once in 20,000 times: else these 200,000 would
 * reach it four times or less with a probability of 3 % at most (Poisson, mean 10). It is driven
 * after the first one: each thread acquires its locks in any execution.
 */
static void driving_beats_chance(void **unused)
{
    const struct hde_program program = program_of(&lock_order_rare);
    const struct hde_settings settings = hd_experiment_settings();
    struct experiment alone =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, RARE_EXECUTIONS);

    (void)unused;
    assert_in_range(alone.with[HD_DEADLOCK], 0, 4);
    explore(&lock_order_rare, "random", RARE_EXECUTIONS, 0);
    assert_int_equal(outcome.collection.count, 1);
    assert_in_range(outcome.tally.executions + outcome.tally.driven, 2, 4);
    assert_int_equal(outcome.tally.executions_to_first,
                     outcome.tally.executions + outcome.tally.driven);
    hde_collection_release(&outcome.collection);
}

static const struct hd_scenario *program_named(const char *summary)
{
    const struct lock_order_program *program = lock_order_programs;

    while (strcmp(program->scenario.summary, summary) != 0) {
        program++;
    }
    return &program->scenario;
}

/* What workers find by driving, and what they do not reach, comes through their pipes. */
static void workers_drive_too(void **unused)
{
    (void)unused;
    explore(program_named("three locks"), "random", 300, 3);
    assert_int_equal(outcome.collection.count, 1);
    assert_true(outcome.tally.executions_to_first != 0);
    hde_collection_release(&outcome.collection);

    explore(program_named("told by the other"), "random", 300, 3);
    assert_int_equal(outcome.collection.count, 0);
    assert_int_equal(outcome.notes, 3);
    assert_int_equal(outcome.tally.executions, 300);
    assert_int_equal(outcome.tally.driven, 3 * HDE_DRIVE_TRIES);
    assert_int_equal(outcome.note.count, 2);
    assert_int_equal(outcome.note.tries, HDE_DRIVE_TRIES);
    assert_string_equal(outcome.note.at[0].held.function, "both");
    hde_collection_release(&outcome.collection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circles_are_driven_and_look_alikes_are_not),
        cmocka_unit_test(an_exhaustive_search_drives_when_it_is_through),
        cmocka_unit_test(driving_beats_chance),
        cmocka_unit_test(workers_drive_too),
    };

    hde_execution_start();
    hde_watchdog_start(HDE_WATCHDOG_LIMIT_S, NULL);
    return cmocka_run_group_tests_name("lock order", tests, NULL, NULL);
}
