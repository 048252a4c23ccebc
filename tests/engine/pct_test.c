/*
 * PCT: the bound of the paper, met exactly by programs made for it; and that no thread starves.
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

extern const struct hde_strategy hde_strategy_pct;

/* Of each of two threads. */
#define EVENTS 10U

static struct sim_program program;

/* The execution that is looked for: the choices that are not normal. */
struct wanted {
    size_t count;
    struct hde_entry entries[3];
    uint64_t times;
    uint64_t steps_max;
};

static void count_wanted(const struct sim *sim, void *argument)
{
    struct wanted *wanted = argument;
    bool is_it = sim->schedule.count == wanted->count;

    for (size_t i = 0; is_it && i < wanted->count; i++) {
        const struct hde_entry *entry = &sim->schedule.entries[i];

        is_it = entry->thread == wanted->entries[i].thread &&
                entry->event == wanted->entries[i].event &&
                entry->alternative == wanted->entries[i].alternative;
    }
    wanted->times += is_it;
    wanted->steps_max = sim->steps > wanted->steps_max ? sim->steps : wanted->steps_max;
}

static struct sim_tally
run(unsigned depth, uint64_t length, uint64_t executions, struct wanted *wanted)
{
    const struct hde_strategy_options options = {.depth = depth, .length = length};

    return hd_sim_explore(&program, &hde_strategy_pct, &options, executions, count_wanted, wanted);
}

/* ---- The bound ------------------------------------------------------------------------------- */

/* All of thread 1, then all of thread 2: a random walk has 2^-30, and PCT 1 / n. */
static void depth_1_finds_an_order_of_whole_threads(void **state)
{
    const uint64_t executions = 20000;
    struct wanted wanted = {.count = 0};

    (void)state;
    hd_sim_independent(&program, 2, 30);
    (void)run(1, 60, executions, &wanted);
    RATE_CHECK(wanted.times, executions, 1.0 / 2, 0);

    /* Of 5 threads each order is as likely: 1 / 5!. */
    wanted.times = 0;
    hd_sim_independent(&program, 5, 10);
    (void)run(1, 50, 10 * executions, &wanted);
    RATE_CHECK(wanted.times, 10 * executions, 1.0 / 120, 0);
}

/* Thread 1 is held up before its event 5 until thread 2 has ended: 1 / (n k) for all k. */
static void depth_2_finds_one_place_to_be_held_up_at(void **state)
{
    (void)state;
    for (uint64_t length = 15; length <= 60; length += 15) {
        const uint64_t executions = 100000;
        struct wanted wanted = {.count = 1,
                                .entries = {{.thread = 1, .event = 5, .alternative = 2}}};

        hd_sim_independent(&program, 2, EVENTS);
        (void)run(2, length, executions, &wanted);
        RATE_CHECK(wanted.times, executions, 1.0 / (2 * (double)length), 0);
    }
}

/*
 * Thread 1 stops before its event 5, thread 2 before its event 3, and thread 1 goes on to its end.
 * Of k (k-1) / 2 pairs of moments one is right, and of two orders of the two lowest priorities one
 * is: 1 / 2 x 2 / (k (k-1)) x 1 / 2 >= 1 / (n k^2).
 */
static void depth_3_finds_two_places(void **state)
{
    const uint64_t executions = 1000000;
    struct wanted wanted = {
        .count = 2,
        .entries = {{.thread = 1, .event = 5, .alternative = 2},
                    {.thread = 2, .event = 3, .alternative = 1}},
    };

    (void)state;
    hd_sim_independent(&program, 2, EVENTS);
    (void)run(3, 20, executions, &wanted);
    RATE_CHECK(wanted.times, executions, 1.0 / (2 * 20 * 19), 0);
    RATE_CHECK_LEAST(wanted.times, executions, 1.0 / (2 * 20 * 20));
}

/*
 * The length is measured: two threads of 10 events make at most 19 choices, and at least 11. So the
 * probability is that of a length between, and soon that of the greatest.
 */
static void the_length_is_measured(void **state)
{
    const uint64_t executions = 100000;
    struct wanted wanted = {.count = 1, .entries = {{.thread = 1, .event = 5, .alternative = 2}}};

    (void)state;
    hd_sim_independent(&program, 2, EVENTS);
    (void)run(2, 0, executions, &wanted);
    RATE_CHECK_LEAST(wanted.times, executions, 1.0 / (2 * 19));
    RATE_CHECK_LEAST(executions - wanted.times, executions, 1 - 1.0 / (2 * 11));
}

/*
 * Depth 2 is drawn with weight 4 of 12, and depth 1, which has no changes, with 1 of 12. With four
 * changes, 18 steps of the first thread would pass without one with probability 0.
 */
static void the_depth_is_drawn(void **state)
{
    const uint64_t executions = 100000;
    struct wanted wanted = {.count = 1, .entries = {{.thread = 1, .event = 5, .alternative = 2}}};
    struct wanted order = {.count = 0};

    (void)state;
    hd_sim_independent(&program, 2, EVENTS);
    (void)run(0, 20, executions, &wanted);
    RATE_CHECK_LEAST(wanted.times, executions, 4.0 / 12 / (2 * 20));
    hd_sim_independent(&program, 2, 18);
    (void)run(0, 20, executions, &order);
    RATE_CHECK_LEAST(order.times, executions, 1.0 / 12 / 2);
}

/* At least as good as the reference, which counts as moments steps that are no choices, too. */
static void bugs_come_up_at_the_reference_rates(void **state)
{
    static const struct {
        unsigned depth;
        double reorder_3;
        double reorder_4;
        double two_stage;
    } references[] = {{2, 33.4, 69.8, 7.9}, {3, 19.7, 43.4, 5.7}};
    const uint64_t executions = 200000;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wanted none = {.count = 0};
        unsigned depth = references[i].depth;

        hd_sim_reorder(&program, 3);
        RATE_CHECK_LEAST(run(depth, 0, executions, &none).failures, executions,
                         1 / references[i].reorder_3);
        hd_sim_reorder(&program, 4);
        RATE_CHECK_LEAST(run(depth, 0, executions, &none).failures, executions,
                         1 / references[i].reorder_4);
        hd_sim_two_stage(&program);
        RATE_CHECK_LEAST(run(depth, 0, executions, &none).failures, executions,
                         1 / references[i].two_stage);
    }
}

/* ---- Nobody starves -------------------------------------------------------------------------- */

/* A thread that yields steps once more at most before those that it waits for. */
static void who_yields_becomes_the_lowest(void **state)
{
    struct wanted wanted = {.count = 0};

    (void)state;
    hd_sim_spin(&program, true);
    for (unsigned depth = 1; depth <= 5; depth++) {
        wanted.steps_max = 0;
        (void)run(depth, 10, 10000, &wanted);
        assert_true(wanted.steps_max <= 20);
    }
}

/*
 * One that spins on is overtaken by a random walk after 256 choices, or later, when that was too
 * soon before, after up to 16384: thread 2, which has two events, has not ended after 100 more with
 * probability < 101 x 2^-100.
 */
static void who_spins_is_overtaken_in_the_end(void **state)
{
    struct wanted wanted = {.count = 0};

    (void)state;
    hd_sim_spin(&program, false);
    (void)run(1, 10, 10000, &wanted);
    assert_true(wanted.steps_max > 256);
    assert_true(wanted.steps_max <= 16384 + 100);
}

/* And the time it spun in vain does not count as the length: it would grow without end. */
static void spinning_in_vain_is_no_length(void **state)
{
    struct wanted wanted = {.count = 0};

    (void)state;
    hd_sim_spin(&program, false);
    (void)run(1, 0, 10000, &wanted);
    assert_true(wanted.steps_max > 256);
    assert_true(wanted.steps_max <= 16384 + 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_1_finds_an_order_of_whole_threads),
        cmocka_unit_test(depth_2_finds_one_place_to_be_held_up_at),
        cmocka_unit_test(depth_3_finds_two_places),
        cmocka_unit_test(the_length_is_measured),
        cmocka_unit_test(the_depth_is_drawn),
        cmocka_unit_test(bugs_come_up_at_the_reference_rates),
        cmocka_unit_test(who_yields_becomes_the_lowest),
        cmocka_unit_test(who_spins_is_overtaken_in_the_end),
        cmocka_unit_test(spinning_in_vain_is_no_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
