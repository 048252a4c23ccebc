/*
 * POS: uniform where all events meet, no exponential loss where none do, and the published rates.
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

extern const struct hde_strategy hde_strategy_pos;

static struct sim_program program;

static struct sim_tally
sample(uint64_t executions, void (*look)(const struct sim *sim, void *argument), void *argument)
{
    static const struct hde_strategy_options options;

    return hd_sim_explore(&program, &hde_strategy_pos, &options, executions, look, argument);
}

#define WRITERS 5U

/* Who steps before whom, of each two: half of the executions. */
struct pairs {
    uint64_t last[WRITERS + 1]; /* times that each was the last */
};

static void count_last(const struct sim *sim, void *argument)
{
    struct pairs *pairs = argument;

    pairs->last[sim->values[0]]++;
}

static void each_event_on_one_variable_is_as_likely_to_be_the_last(void **state)
{
    struct pairs pairs = {.last = {0}};
    const uint64_t executions = 100000;

    (void)state;
    hd_sim_writers(&program, WRITERS);
    (void)sample(executions, count_last, &pairs);
    for (size_t thread = 1; thread <= WRITERS; thread++) {
        RATE_CHECK(pairs.last[thread], executions, 1.0 / WRITERS, 0);
    }
}

/*
 * Thread 1 carries out n = 10 events that nobody else cares for, and one more; thread 2 has one,
 * and keeps its priority p all the while. It comes last if each of the 11 is higher: with
 * probability E[(1 - p)^11] = 1/12, where a random walk has 2^-11.
 */
static void count_held_back(const struct sim *sim, void *argument)
{
    uint64_t *count = argument;

    *count += sim->preemptions == 0 && sim->schedule.count == 0;
}

static void what_is_independent_does_not_make_orders_unlikely(void **state)
{
    const uint64_t executions = 100000;
    uint64_t count = 0;

    (void)state;
    hd_sim_program_begin(&program, 2);
    for (unsigned i = 0; i < 11; i++) {
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    }
    hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 1, NULL);
    (void)sample(executions, count_held_back, &count);
    RATE_CHECK(count, executions, 1.0 / 12, 0);
}

/*
 * On one object, each event of thread 1 makes thread 2 draw anew: 2^-11 again. The difference to
 * the test before is what makes POS out of basicPOS.
 */
static void what_is_dependent_draws_anew(void **state)
{
    const uint64_t executions = 400000;
    uint64_t count = 0;

    (void)state;
    hd_sim_program_begin(&program, 2);
    for (unsigned i = 0; i < 11; i++) {
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    }
    hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    (void)sample(executions, count_held_back, &count);
    RATE_CHECK(count, executions, 1.0 / 2048, 0);
}

/* Reference rates, known to 3 %. */
static void bugs_come_up_at_the_reference_rates(void **state)
{
    const uint64_t executions = 400000;

    (void)state;
    hd_sim_reorder(&program, 3);
    RATE_CHECK(sample(executions, NULL, NULL).failures, executions, 1 / 15.0, 0.03);
    hd_sim_reorder(&program, 4);
    RATE_CHECK(sample(executions, NULL, NULL).failures, executions, 1 / 33.5, 0.03);
    hd_sim_two_stage(&program);
    RATE_CHECK(sample(executions, NULL, NULL).failures, executions, 1 / 10.3, 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_on_one_variable_is_as_likely_to_be_the_last),
        cmocka_unit_test(what_is_independent_does_not_make_orders_unlikely),
        cmocka_unit_test(what_is_dependent_draws_anew),
        cmocka_unit_test(bugs_come_up_at_the_reference_rates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
