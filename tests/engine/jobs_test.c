/*
 * Jobs: several processes find what one finds, and one that dies takes nothing with it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/collection.h"
#include "engine/jobs.h"
#include "engine/scenario.h"
#include "engine/watchdog.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/hunted.h"

#define LIMIT_S 2U

static void collect(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    hde_collection_add(listener, execution, schedule);
}

static struct hde_tally explore(const struct hd_scenario *descriptor,
                                unsigned jobs,
                                uint64_t executions_max,
                                struct hde_collection *collection)
{
    static struct hde_scenario scenario;
    static struct hde_program program;
    static struct hde_settings settings;

    scenario = (struct hde_scenario){.name = "program", .scenario = descriptor};
    program = hde_scenario_program(&scenario, false);
    settings = hd_experiment_settings();
    *collection = (struct hde_collection){.program = &program, .settings = &settings};

    const struct hde_exploration exploration = {
        .program = program,
        .settings = settings,
        .strategy = hde_strategy_named("random"),
        .seed = 1,
        .executions_max = executions_max,
        .keeps_going = true,
        .found = collect,
        .listener = collection,
    };

    return hde_jobs_explore(&exploration, jobs, LIMIT_S);
}

static void three_processes_make_the_executions_of_one(void **unused)
{
    struct hde_collection alone;
    struct hde_collection together;
    struct hde_tally one = explore(&hunted_lost, 1, 1000, &alone);
    struct hde_tally three = explore(&hunted_lost, 3, 1000, &together);

    (void)unused;
    assert_int_equal(three.executions, one.executions);
    assert_int_equal(three.guilty, one.guilty);
    assert_int_equal(three.steps, one.steps);
    assert_int_equal(three.executions_to_first, one.executions_to_first);
    assert_int_equal(three.lost, 0);
    assert_int_equal(together.count, alone.count);
    assert_int_equal(together.count, 1);
    assert_true(hde_finding_is_same(&together.items[0].finding, &alone.items[0].finding));
    hde_collection_release(&alone);
    hde_collection_release(&together);
}

/*
 * One execution of 64 kills its process and one of 64 fails; by the fixed seeds one of the workers
 * is killed. What any of them had found before that must have arrived.
 */
static void a_worker_that_dies_loses_no_findings(void **unused)
{
    struct hde_collection collection;
    struct hde_tally tally = explore(&hunted_deadly, 8, 800, &collection);

    (void)unused;
    assert_true(tally.lost > 0);
    assert_true(tally.executions < 800);
    assert_int_equal(collection.count, 1);
    assert_int_equal(collection.items[0].finding.kind, HD_FAILURE);
    hde_collection_release(&collection);
}

static void a_worker_that_is_stuck_ends(void **unused)
{
    struct hde_collection collection;
    struct hde_tally tally = explore(&hunted_endless, 2, 10, &collection);

    (void)unused;
    assert_int_equal(tally.lost, 2);
    assert_int_equal(collection.count, 0);
    hde_collection_release(&collection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_processes_make_the_executions_of_one),
        cmocka_unit_test(a_worker_that_dies_loses_no_findings),
        cmocka_unit_test(a_worker_that_is_stuck_ends),
    };

    hde_execution_start();
    hde_watchdog_start(HDE_WATCHDOG_LIMIT_S, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
