/*
 * Random walk: uniform over alternatives, and the rates that follow from that.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/engine/rate.h"
#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_random;

static struct sim_program program;

static struct sim_tally
walk(uint64_t executions, void (*look)(const struct sim *sim, void *argument), void *argument)
{
    static const struct hde_strategy_options options;

    return hd_sim_explore(&program, &hde_strategy_random, &options, executions, look, argument);
}

/* ---- n events on one variable ---------------------------------------------------------------- */

#define WRITERS 4U
#define ORDERS 24U /* 4! */

struct order_count {
    uint64_t order;
    uint64_t times;
};

static void count_order(const struct sim *sim, void *argument)
{
    struct order_count *counts = argument;
    size_t i = 0;

    while (i < ORDERS && counts[i].times > 0 && counts[i].order != sim->order) {
        i++;
    }
    assert_true(i < ORDERS);
    counts[i].order = sim->order;
    counts[i].times++;
}

static void all_orders_of_n_threads_are_equally_likely(void **state)
{
    struct order_count counts[ORDERS] = {{.times = 0}};
    const uint64_t executions = 240000;

    (void)state;
    hd_sim_writers(&program, WRITERS);
    (void)walk(executions, count_order, counts);
    for (size_t i = 0; i < ORDERS; i++) {
        RATE_CHECK(counts[i].times, executions, 1.0 / ORDERS, 0);
    }
}

/* ---- Many threads, values -------------------------------------------------------------------- */

static void count_last_writer(const struct sim *sim, void *argument)
{
    uint64_t *counts = argument;

    counts[sim->values[0]]++;
}

/* More threads than a word has bits. */
static void each_of_100_threads_is_as_likely(void **state)
{
    uint64_t counts[SIM_THREADS_MAX] = {0};
    const uint64_t executions = 100000;

    (void)state;
    hd_sim_writers(&program, 100);
    (void)walk(executions, count_last_writer, counts);
    for (size_t thread = 1; thread <= 100; thread++) {
        RATE_CHECK(counts[thread], executions, 1.0 / 100, 0);
    }
}

static void count_value(const struct sim *sim, void *argument)
{
    uint64_t *counts = argument;

    counts[sim->chosen]++;
}

static void each_value_is_as_likely(void **state)
{
    uint64_t counts[7] = {0};
    const uint64_t executions = 70000;

    (void)state;
    hd_sim_program_begin(&program, 1);
    hd_sim_add_choose(&program, 1, 7);
    (void)walk(executions, count_value, counts);
    for (size_t value = 0; value < 7; value++) {
        RATE_CHECK(counts[value], executions, 1.0 / 7, 0);
    }
}

/* ---- Known probabilities --------------------------------------------------------------------- */

static void bugs_come_up_with_their_known_probability(void **state)
{
    const uint64_t executions = 400000;

    (void)state;
    hd_sim_reorder(&program, 3);
    RATE_CHECK(walk(executions, NULL, NULL).failures, executions, 73.0 / 2916, 0);
    hd_sim_reorder(&program, 4);
    RATE_CHECK(walk(executions, NULL, NULL).failures, executions, 409.0 / 55296, 0);
    hd_sim_two_stage(&program);
    RATE_CHECK(walk(executions, NULL, NULL).failures, executions, 11.0 / 512, 0);
}

/* ---- Seeds ----------------------------------------------------------------------------------- */

static uint64_t order_of_seed(uint64_t seed)
{
    struct sim *sim = calloc(1, sizeof(*sim));
    void *state = calloc(1, hde_strategy_random.state_size);

    assert_non_null(sim);
    assert_non_null(state);
    hd_sim_run(sim, &program, &hde_strategy_random, state, seed);
    uint64_t order = sim->order;

    hde_schedule_release(&sim->schedule);
    free(state);
    free(sim);
    return order;
}

/* Two executions of C(60,30) = 1.2e17 orders are the same one by chance only once in a lifetime. */
static void a_seed_is_an_execution(void **state)
{
    (void)state;
    hd_sim_independent(&program, 2, 30);
    assert_true(order_of_seed(1) == order_of_seed(1));
    assert_true(order_of_seed(1) != order_of_seed(2));
    assert_true(order_of_seed(2) != order_of_seed(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_orders_of_n_threads_are_equally_likely),
        cmocka_unit_test(each_of_100_threads_is_as_likely),
        cmocka_unit_test(each_value_is_as_likely),
        cmocka_unit_test(bugs_come_up_with_their_known_probability),
        cmocka_unit_test(a_seed_is_an_execution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
