/*
 * URW: every interleaving is as likely as any other.
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

extern const struct hde_strategy hde_strategy_urw;

#define ORDERS_MAX 256U

static struct sim_program program;

static struct sim_tally
sample(uint64_t executions, void (*look)(const struct sim *sim, void *argument), void *argument)
{
    static const struct hde_strategy_options options;

    return hd_sim_explore(&program, &hde_strategy_urw, &options, executions, look, argument);
}

struct orders {
    uint64_t order[ORDERS_MAX];
    uint64_t times[ORDERS_MAX];
    size_t count;
};

static void count_order(const struct sim *sim, void *argument)
{
    struct orders *orders = argument;
    size_t i = 0;

    while (i < orders->count && orders->order[i] != sim->order) {
        i++;
    }
    assert_true(i < ORDERS_MAX);
    orders->order[i] = sim->order;
    orders->times[i]++;
    orders->count += i == orders->count;
}

static double chi_square(const struct orders *orders, uint64_t executions)
{
    double expected = (double)executions / (double)orders->count;
    double sum = 0;

    for (size_t i = 0; i < orders->count; i++) {
        double off = (double)orders->times[i] - expected;

        sum += off * off / expected;
    }
    return sum;
}

/*
 * Two threads of k = 4 events: C(8, 4) = 70 interleavings, 69 degrees of freedom. The sum is above
 * 69 + 5 sqrt(2 69) = 128 with a probability of 2e-5; a random walk gives the most frequent order
 * 2^-4 = 1/16 of the executions instead of 1/70, and a sum above 100000.
 */
static void two_threads_have_all_interleavings_alike(void **state)
{
    const uint64_t executions = 70000;
    struct orders orders = {.count = 0};

    (void)state;
    hd_sim_independent(&program, 2, 4);
    (void)sample(executions, count_order, &orders);
    assert_int_equal(orders.count, 70);
    assert_true(chi_square(&orders, executions) < 128);
}

/* Five threads of one event each: 120 orders, 119 degrees of freedom, 119 + 5 sqrt(238) = 196. */
static void n_threads_of_one_event_as_well(void **state)
{
    const uint64_t executions = 120000;
    struct orders orders = {.count = 0};

    (void)state;
    hd_sim_writers(&program, 5);
    (void)sample(executions, count_order, &orders);
    assert_int_equal(orders.count, 120);
    assert_true(chi_square(&orders, executions) < 196);
}

/*
 * Main creates threads 1 and 2, of 3 events each; what it has left contains theirs. Its own two
 * come before each of theirs: with c, c the creations and a, b the events, the orders are those of
 * c < c, c < a a a, second c < b b b. After the first c: the second one is at the k-th place of 7,
 * k = 1 .. 4, with all of b behind it, C(3 + 3 - (k - 1), 3) orders: 20 + 10 + 4 + 1 = 35. 34
 * degrees of freedom: 34 + 5 sqrt(68) = 75.
 */
static void who_creates_has_left_what_its_children_have(void **state)
{
    const uint64_t executions = 70000;
    struct orders orders = {.count = 0};

    (void)state;
    hd_sim_independent(&program, 2, 3);
    hd_sim_create_threads(&program);
    (void)sample(executions, count_order, &orders);
    assert_int_equal(orders.count, 35);
    assert_true(chi_square(&orders, executions) < 75);
}

/* Known to 3 %; here counts vary, so that being better is no mistake. */
static void bugs_come_up_at_the_reference_rates(void **state)
{
    const uint64_t executions = 200000;

    (void)state;
    hd_sim_reorder(&program, 3);
    RATE_CHECK_LEAST(sample(executions, NULL, NULL).failures, executions, 0.97 / 10.6);
    hd_sim_reorder(&program, 4);
    RATE_CHECK_LEAST(sample(executions, NULL, NULL).failures, executions, 0.97 / 16.7);
    hd_sim_reorder(&program, 10);
    RATE_CHECK_LEAST(sample(executions, NULL, NULL).failures, executions, 0.9 / 280);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_have_all_interleavings_alike),
        cmocka_unit_test(n_threads_of_one_event_as_well),
        cmocka_unit_test(who_creates_has_left_what_its_children_have),
        cmocka_unit_test(bugs_come_up_at_the_reference_rates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
