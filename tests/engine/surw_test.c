/*
 * SURW: uniform over what it selects, whatever else happens, and the published rates.
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

extern const struct hde_strategy hde_strategy_surw;

static struct sim_program program;

static struct sim_tally sample(enum hde_focus focus,
                               uint64_t executions,
                               void (*look)(const struct sim *sim, void *argument),
                               void *argument)
{
    const struct hde_strategy_options options = {.focus = focus};

    return hd_sim_explore(&program, &hde_strategy_surw, &options, executions, look, argument);
}

/* ---- Uniform --------------------------------------------------------------------------------- */

#define EACH 3U
#define ORDERS 20U /* C(6, 3) */

/* The order of the stores to object 0: a digit of `values[1]' each. */
static void append(struct sim *sim, unsigned thread, unsigned object)
{
    (void)object;
    sim->values[1] = sim->values[1] * 2 + (int)thread - 1;
}

static void count_order(const struct sim *sim, void *argument)
{
    uint64_t *counts = argument;

    counts[sim->values[1]]++;
}

/*
 * Between the three stores of each thread to one object lie 0 and 15 others, to objects of its own:
 * all 20 orders of those on the shared one are equally likely nevertheless. A random walk lets the
 * thread without others finish first nearly always. 19 degrees of freedom: chi-square is above
 * 19 + 5 sqrt(38) = 50 with a probability of 1.3e-4 for other seeds.
 */
static void orders_on_one_object_are_alike_whatever_lies_between(void **state)
{
    const uint64_t executions = 40000;
    uint64_t counts[1U << (2 * EACH)] = {0};
    double expected = (double)executions / ORDERS;
    double sum = 0;
    size_t orders = 0;

    (void)state;
    hd_sim_program_begin(&program, 2);
    for (unsigned i = 0; i < EACH; i++) {
        for (unsigned other = 0; other < 15; other++) {
            hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 2, NULL);
        }
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, append);
        hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 0, append);
    }
    (void)sample(HDE_FOCUS_OBJECT, executions, count_order, counts);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        double off = (double)counts[i] - expected;

        orders += counts[i] != 0;
        sum += counts[i] != 0 ? off * off / expected : 0;
    }
    assert_int_equal(orders, ORDERS);
    assert_true(sum < 50);
}

/* What only one thread touches, and what nobody writes, is not selected. */
static void only_what_is_contended_is_selected(void **state)
{
    const uint64_t executions = 20000;
    uint64_t counts[1U << (2 * EACH)] = {0};

    (void)state;
    hd_sim_program_begin(&program, 2);
    for (unsigned thread = 1; thread <= 2; thread++) {
        for (unsigned i = 0; i < 20; i++) {
            hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_LOAD, 2, NULL);
            hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_STORE, 2 + thread, NULL);
        }
    }
    for (unsigned i = 0; i < EACH; i++) {
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, append);
        hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 0, append);
    }
    /* Of two kinds of objects either could be drawn; of one, always that. */
    (void)sample(HDE_FOCUS_OBJECT, executions, count_order, counts);
    RATE_CHECK(counts[7], executions, 1.0 / ORDERS, 0);
    RATE_CHECK(counts[56], executions, 1.0 / ORDERS, 0);
}

/* ---- Rates ----------------------------------------------------------------------------------- */

/*
 * Reference rates, in executions to the first bug, known to 6 %; being better is no mistake. Where
 * the reference counts otherwise, what is here was measured, and is to stay within a sixth.
 */
static void bugs_come_up_at_the_reference_rates(void **state)
{
    const uint64_t executions = 100000;

    (void)state;
    hd_sim_reorder(&program, 3);
    RATE_CHECK_LEAST(sample(HDE_FOCUS_DATA, executions, NULL, NULL).failures, executions,
                     0.94 / 10.5);
    hd_sim_reorder(&program, 4);
    RATE_CHECK_LEAST(sample(HDE_FOCUS_DATA, executions, NULL, NULL).failures, executions,
                     0.94 / 13.6);
    hd_sim_reorder(&program, 10);
    RATE_CHECK_LEAST(sample(HDE_FOCUS_DATA, executions, NULL, NULL).failures, executions,
                     0.94 / 46);
}

/*
 * Data inside critical sections cannot be ordered while who holds the lock is stopped: selecting it
 * alone is ten times worse than selecting the locks, or one object of either kind.
 */
static void events_under_locks_are_ordered_by_their_locks(void **state)
{
    const uint64_t executions = 100000;

    (void)state;
    hd_sim_two_stage(&program);
    uint64_t by_data = sample(HDE_FOCUS_DATA, executions, NULL, NULL).failures;
    uint64_t by_sync = sample(HDE_FOCUS_SYNC, executions, NULL, NULL).failures;
    uint64_t by_all = sample(HDE_FOCUS_ALL, executions, NULL, NULL).failures;
    uint64_t by_object = sample(HDE_FOCUS_OBJECT, executions, NULL, NULL).failures;

    RATE_CHECK_LEAST(by_data, executions, 5.0 / 6 / 148);
    RATE_CHECK_LEAST(by_sync, executions, 5.0 / 6 / 9.1);
    RATE_CHECK_LEAST(by_object, executions, 5.0 / 6 / 9.7);
    RATE_CHECK(by_all, executions, 1 / 63.0, 1.0 / 6);
    assert_true(by_sync > 5 * by_data);
}

/* 99 setters and one checker: a random walk has less than 2^-99. */
static void one_of_100_threads_is_where_it_must_be(void **state)
{
    const uint64_t executions = 4000;

    (void)state;
    hd_sim_reorder(&program, 100);
    RATE_CHECK_LEAST(sample(HDE_FOCUS_DRAWN, executions, NULL, NULL).failures, executions,
                     1.0 / 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_on_one_object_are_alike_whatever_lies_between),
        cmocka_unit_test(only_what_is_contended_is_selected),
        cmocka_unit_test(bugs_come_up_at_the_reference_rates),
        cmocka_unit_test(events_under_locks_are_ordered_by_their_locks),
        cmocka_unit_test(one_of_100_threads_is_where_it_must_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
