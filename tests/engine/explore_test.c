/*
 * Explorations: bounds, seeds, and what they tell.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/canary.h"
#include "engine/collection.h"
#include "engine/explore.h"
#include "engine/scenario.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/hunted.h"

#define STOP_AFTER 10U

static struct hde_exploration exploration_of(const struct hd_scenario *descriptor)
{
    static struct hde_scenario scenario;

    scenario = (struct hde_scenario){.name = "program", .scenario = descriptor};
    return (struct hde_exploration){
        .program = hde_scenario_program(&scenario, false),
        .settings = hd_experiment_settings(),
        .strategy = hde_strategy_named("random"),
        .seed = 1,
        .executions_max = 1000,
    };
}

static void it_ends_at_its_bound(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_clean);
    struct hde_tally tally = hde_explore(&exploration);

    (void)unused;
    assert_int_equal(tally.executions, 1000);
    assert_int_equal(tally.executions_to_first, 0);
    assert_int_equal(tally.guilty, 0);
    assert_true(tally.steps >= 1000);
    assert_false(tally.is_complete);
    assert_false(tally.is_stopped);
}

static void it_ends_with_the_first_finding(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_lost);
    struct hde_tally tally = hde_explore(&exploration);

    (void)unused;
    assert_true(tally.executions_to_first > 0);
    assert_int_equal(tally.executions, tally.executions_to_first);
    assert_int_equal(tally.guilty, 1);
}

static void the_same_seed_makes_the_same_executions(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_lost);

    (void)unused;
    exploration.keeps_going = true;
    struct hde_tally first = hde_explore(&exploration);
    struct hde_tally again = hde_explore(&exploration);

    assert_int_equal(first.guilty, again.guilty);
    assert_int_equal(first.executions_to_first, again.executions_to_first);
    exploration.seed = 2;
    struct hde_tally other = hde_explore(&exploration);

    /* Of 1,000 executions a quarter or more fails; equal counts by chance are 3 % at most, and the
     * seeds are fixed. */
    assert_int_not_equal(first.guilty, other.guilty);
}

/* Two explorations of every other execution make, together, what one makes. */
static void strides_share_out_the_executions(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_lost);

    (void)unused;
    exploration.keeps_going = true;
    struct hde_tally whole = hde_explore(&exploration);

    exploration.stride = 2;
    exploration.executions_max = 500;
    struct hde_tally even = hde_explore(&exploration);

    exploration.first = 1;
    struct hde_tally odd = hde_explore(&exploration);

    assert_int_equal(even.guilty + odd.guilty, whole.guilty);
    assert_int_equal(even.executions_to_first < odd.executions_to_first ? even.executions_to_first
                                                                        : odd.executions_to_first,
                     whole.executions_to_first);
}

static void an_exhaustive_strategy_comes_to_its_end(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_clean);

    (void)unused;
    exploration.strategy = hde_strategy_named("dfs");
    exploration.options.preemptions = 1;
    exploration.settings.visibility = HDE_VISIBLE_SYNC;
    struct hde_tally tally = hde_explore(&exploration);

    assert_true(tally.is_complete);
    assert_true(tally.executions > 1);
    assert_true(tally.executions < 1000);
}

/* ---- Listeners ------------------------------------------------------------------------------- */

static unsigned told;

static void count_found(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    (void)listener;
    (void)execution;
    assert_non_null(schedule);
    told++;
}

static void a_finding_is_told_once(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_two_races);

    (void)unused;
    exploration.keeps_going = true;
    exploration.found = count_found;
    told = 0;
    struct hde_tally tally = hde_explore(&exploration);

    assert_int_equal(tally.guilty, 1000);
    assert_true(told >= 1);
    assert_true(told <= 4); /* either thread may be the later one, at either variable */
}

static bool stop_soon(void *listener, const struct hde_tally *tally)
{
    (void)listener;
    hde_explore_ticks = 1; /* the next execution is listened to as well */
    return tally->executions >= STOP_AFTER;
}

static void who_listens_can_stop_it(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_clean);

    (void)unused;
    exploration.listen = stop_soon;
    hde_explore_ticks = 1;
    struct hde_tally tally = hde_explore(&exploration);

    hde_explore_ticks = 0;
    assert_int_equal(tally.executions, STOP_AFTER);
    assert_true(tally.is_stopped);
}

static void collect(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    hde_collection_add(listener, execution, schedule);
}

static void a_collection_has_each_finding_once_and_shrunk(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_two_races);
    struct hde_collection collection = {
        .program = &exploration.program,
        .settings = &exploration.settings,
    };

    (void)unused;
    exploration.keeps_going = true;
    exploration.found = collect;
    exploration.listener = &collection;
    (void)hde_explore(&exploration);
    assert_int_equal(collection.count, 2);
    assert_int_equal(collection.unreplayable, 0);
    for (size_t i = 0; i < collection.count; i++) {
        assert_int_equal(collection.items[i].finding.kind, HD_DATA_RACE);
        assert_int_equal(collection.items[i].shrunk.preemptions, 0);
    }
    assert_false(hde_finding_is_same(&collection.items[0].finding, &collection.items[1].finding));
    hde_collection_release(&collection);
}

static void a_full_collection_takes_no_more(void **unused)
{
    struct hde_exploration exploration = exploration_of(&hunted_two_races);
    struct hde_collection collection = {
        .program = &exploration.program,
        .settings = &exploration.settings,
        .count_max = 1,
    };

    (void)unused;
    exploration.keeps_going = true;
    exploration.found = collect;
    exploration.listener = &collection;
    (void)hde_explore(&exploration);
    assert_int_equal(collection.count, 1);
    hde_collection_release(&collection);
}

static void the_canaries_are_found(void **unused)
{
    (void)unused;
    assert_null(hde_canary_missed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_at_its_bound),
        cmocka_unit_test(it_ends_with_the_first_finding),
        cmocka_unit_test(the_same_seed_makes_the_same_executions),
        cmocka_unit_test(strides_share_out_the_executions),
        cmocka_unit_test(an_exhaustive_strategy_comes_to_its_end),
        cmocka_unit_test(a_finding_is_told_once),
        cmocka_unit_test(who_listens_can_stop_it),
        cmocka_unit_test(a_collection_has_each_finding_once_and_shrunk),
        cmocka_unit_test(a_full_collection_takes_no_more),
        cmocka_unit_test(the_canaries_are_found),
    };

    hde_execution_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
