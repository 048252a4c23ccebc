/*
 * RFF: what is reached step by step is found, though all steps together are out of reach.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/rate.h"
#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_rff;

static const struct hde_strategy_options options;
static struct sim_program program;

static uint64_t failures_of(const struct hde_strategy *strategy, uint64_t executions)
{
    return hd_sim_explore(&program, strategy, &options, executions, NULL, NULL).failures;
}

/*
 * Ten threads store their number, and an eleventh must find 1, 2, ... 10: of the 20! / 10! orders
 * of stores and loads one is right, which a random walk finds in 100,000 executions with a
 * probability below 10^-6. Each load that finds what it should is one step, which is seen.
 */
static void feedback_finds_a_sequence_of_reads(void **state)
{
    const uint64_t executions = 60000;

    (void)state;
    hd_sim_in_order(&program, 10);
    assert_true(failures_of(&hde_strategy_rff, executions) > 0);
    assert_int_equal(failures_of(&hde_strategy_random, executions), 0);
}

/*
 * One thread of 100 must read before 99 others write a second time, and after one has written once:
 * two constraints. Each is one of a handful, and drawn among up to three in half of the executions
 * that begin anew: at least 1 in 1000.
 */
static void constraints_hold_up_99_threads(void **state)
{
    const uint64_t executions = 5000;

    (void)state;
    hd_sim_reorder(&program, 100);
    RATE_CHECK_LEAST(failures_of(&hde_strategy_rff, executions), executions, 1.0 / 1000);
}

/* Never worse than half as good as POS, which it is made of, on what needs no feedback. */
static void small_bugs_are_not_lost(void **state)
{
    const uint64_t executions = 20000;

    (void)state;
    hd_sim_reorder(&program, 3);
    RATE_CHECK_LEAST(failures_of(&hde_strategy_rff, executions), executions, 0.5 / 15.0);
    hd_sim_reorder(&program, 4);
    RATE_CHECK_LEAST(failures_of(&hde_strategy_rff, executions), executions, 0.5 / 33.5);
    hd_sim_two_stage(&program);
    RATE_CHECK_LEAST(failures_of(&hde_strategy_rff, executions), executions, 0.5 / 10.3);
}

/* Delaying ends where it would keep everybody: each execution comes to an end or a deadlock. */
static void constraints_keep_nobody_for_ever(void **state)
{
    const uint64_t executions = 20000;
    struct sim_tally tally;

    (void)state;
    hd_sim_mutex_counter(&program, 4, 3);
    tally = hd_sim_explore(&program, &hde_strategy_rff, &options, executions, NULL, NULL);
    assert_int_equal(tally.deadlocks, 0);
    hd_sim_spin(&program, true);
    tally = hd_sim_explore(&program, &hde_strategy_rff, &options, executions, NULL, NULL);
    assert_int_equal(tally.executions, executions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feedback_finds_a_sequence_of_reads),
        cmocka_unit_test(constraints_hold_up_99_threads),
        cmocka_unit_test(small_bugs_are_not_lost),
        cmocka_unit_test(constraints_keep_nobody_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
