/*
 * Spinning: no execution hangs, whatever the strategy; a livelock is found, and no other loop is
 * taken for one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/spins.h"

#define EXECUTIONS 1000

static unsigned threads_of(const struct spin_program *program)
{
    unsigned count = 0;

    while (count < SPIN_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

/* Findings of the kind that it owes, and of no other. */
static void check_kind(const struct spin_program *spin,
                       const struct hde_strategy *strategy,
                       const struct experiment *result,
                       int kind)
{
    if ((result->with[kind] > 0) != (kind == (int)spin->owes)) {
        fail_msg("%s, %s: finding of kind %d in %u of %u executions", spin->name, strategy->name,
                 kind, result->with[kind], result->executions);
    }
}

static void check(const struct spin_program *spin, const struct hde_strategy *strategy)
{
    const struct hde_program program = hd_experiment_threads(spin->threads, threads_of(spin));
    struct hde_settings settings = hd_experiment_settings();

    settings.ignored = spin->owes == HD_DATA_RACE ? 0 : 1U << HD_DATA_RACE;
    struct experiment result = hd_experiment_run(&program, &settings, strategy, 1, EXECUTIONS);

    if (result.ended[HDE_END_STEPS] > 0) {
        fail_msg("%s, %s: %u of %u executions did not end", spin->name, strategy->name,
                 result.ended[HDE_END_STEPS], result.executions);
    }
    for (int kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        check_kind(spin, strategy, &result, kind);
    }
}

static void test_programs(void **state)
{
    static const char *const strategies[] = {"random", "pct", "pos"};

    (void)state;
    for (unsigned i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++) {
        const struct hde_strategy *strategy = hde_strategy_named(strategies[i]);

        assert_non_null(strategy);
        for (const struct spin_program *spin = spin_programs; spin->name != NULL; spin++) {
            check(spin, strategy);
        }
    }
}

/* Who goes on with something else at each turn is not in a livelock, however often it looks. */
static void test_sum(void **state)
{
    const struct hde_program program = hd_experiment_threads(spin_sum.threads, 1);
    const struct hde_settings settings = hd_experiment_settings();
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 1);

    (void)state;
    assert_int_equal(result.first.kind, HD_CLEAN);
    assert_int_equal(result.ended[HDE_END_DONE], 1);
}

/* Who looks is passed over, but not for ever by others that never stop. */
static void test_starved(void **state)
{
    const struct hde_program program = hd_experiment_threads(spin_starved.threads, 2);
    const struct hde_settings settings = hd_experiment_settings();
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 20);

    (void)state;
    assert_int_equal(result.first.kind, HD_CLEAN);
    assert_int_equal(result.ended[HDE_END_DONE], 20);
}

static struct experiment
run_parking(const struct spin_program *spin, const char *strategy, uint32_t budget)
{
    const struct hde_program program = hd_experiment_threads(spin->threads, 2);
    struct hde_settings settings = hd_experiment_settings();

    settings.budgets.of[HDE_CHOICE_SPIN] = budget;
    return hd_experiment_run(&program, &settings, hde_strategy_named(strategy), 1, 50000);
}

/*
 * Who looks for a while and then sleeps may give up while others could still go on: a choice. pct
 * saw it in 67 of 50,000: other seeds miss it with probability exp(-67).
 */
static void test_parking(void **state)
{
    static const char *const strategies[] = {"pct", "dfs"};

    (void)state;
    for (unsigned i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++) {
        struct experiment bad = run_parking(&spin_parking, strategies[i], 1);
        struct experiment unasked = run_parking(&spin_parking, strategies[i], 0);
        struct experiment good = run_parking(&spin_parking_fixed, strategies[i], 1);

        print_message("parking, %s: %u of %u\n", strategies[i], bad.with[HD_DEADLOCK],
                      bad.executions);
        assert_int_not_equal(bad.with[HD_DEADLOCK], 0);
        assert_int_equal(unasked.with[HD_DEADLOCK], 0);
        assert_int_equal(good.with[HD_DEADLOCK], 0);
        assert_int_equal(bad.ended[HDE_END_STEPS] + good.ended[HDE_END_STEPS], 0);
    }
}

/* A livelock names where each thread spins. */
static void test_livelock_places(void **state)
{
    const struct spin_program *spin = spin_programs;
    const struct hde_settings settings = hd_experiment_settings();

    (void)state;
    while (strcmp(spin->name, "each waits for the other") != 0) {
        spin++;
    }
    const struct hde_program program = hd_experiment_threads(spin->threads, 2);
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 1);

    assert_int_equal(result.first.kind, HD_LIVELOCK);
    assert_int_equal(result.first.places_count, 2);
    assert_int_equal(result.first.places[0].thread, 1);
    assert_int_equal(result.first.places[1].thread, 2);
    assert_int_not_equal(result.first.places[0].pc, result.first.places[1].pc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_starved),         cmocka_unit_test(test_parking),
        cmocka_unit_test(test_livelock_places),
    };

    return cmocka_run_group_tests_name("spin", tests, NULL, NULL);
}
