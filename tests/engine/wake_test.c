/*
 * Wakes and deadlines: everything that may happen does, in some execution, and nothing else.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/hooks/time.h"
#include "engine/replay.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/wakes.h"

extern const struct hde_strategy hde_strategy_dfs;
extern const struct hde_strategy hde_strategy_random;

/* The least likely outcome comes in one execution of 50; 2,000 miss it with probability 2^-58. */
#define EXECUTIONS 2000

/* Not globals: what executions write to those is undone. */
struct results {
    unsigned outcome;
    uint64_t clocks_ns[4];
};

static struct results *results;

static void run_wake(const void *argument)
{
    const struct wake_program *wake = argument;

    wake->run(&results->outcome);
}

/* The outcome of one execution, in which so many waits may be interrupted. */
static unsigned run_once(const struct wake_program *wake, uint64_t seed, uint32_t interrupts)
{
    struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = {.name = wake->name, .body = run_wake, .argument = wake};

    settings.budgets.of[HDE_CHOICE_INTERRUPT] = interrupts;
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

    if (result.ended[HDE_END_DONE] != 1 || result.first.kind != HD_CLEAN) {
        fail_msg("%s: finding of kind %d with seed %ju", wake->name, result.first.kind,
                 (uintmax_t)seed);
    }
    return results->outcome;
}

static void check_outcomes(const struct wake_program *wake, uint32_t interrupts)
{
    unsigned seen = 0;

    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        seen |= 1U << run_once(wake, seed, interrupts);
    }
    if (seen != wake->outcomes) {
        fail_msg("%s: outcomes %#x, not %#x", wake->name, seen, wake->outcomes);
    }
}

static void test_each_outcome_comes(void **state)
{
    (void)state;
    for (const struct wake_program *wake = wake_programs; wake->name != NULL; wake++) {
        check_outcomes(wake, 0);
    }
}

static void test_locks(void **state)
{
    (void)state;
    for (const struct wake_program *wake = wake_lock_programs; wake->name != NULL; wake++) {
        check_outcomes(wake, 0);
    }
    for (const struct wake_program *wake = wake_countable_programs; wake->name != NULL; wake++) {
        check_outcomes(wake, 0);
    }
    for (const struct wake_program *wake = wake_interrupted_programs; wake->name != NULL; wake++) {
        check_outcomes(wake, 1);
    }
}

/* Whoever makes the same choices again comes to the same outcome. */
static void check_replay(const struct wake_program *wake, uint64_t seed)
{
    const struct hde_program program = {.name = wake->name, .body = run_wake, .argument = wake};
    struct hde_settings settings = hd_experiment_settings();
    unsigned outcome = run_once(wake, seed, 1);
    struct hde_schedule schedule = {0};
    struct hde_divergence divergence;

    settings.budgets.of[HDE_CHOICE_INTERRUPT] = 1;
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    hde_replay(&program, &settings, &schedule, &divergence, NULL);
    if (divergence.has_diverged || results->outcome != outcome) {
        fail_msg("%s: seed %ju cannot be replayed", wake->name, (uintmax_t)seed);
    }
    hde_schedule_release(&schedule);
}

/* A program with a fault has about one choice that is not normal in two: 100 have all there are. */
static void test_replays(void **state)
{
    (void)state;
    for (const struct wake_program *wake = wake_interrupted_programs; wake->name != NULL; wake++) {
        for (uint64_t seed = 1; seed <= 100; seed++) {
            check_replay(wake, seed);
        }
    }
}

static void check_exhaustively(const struct wake_program *wake)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_strategy_options options = {.preemptions = HDE_PREEMPTIONS_ALL};
    const struct hde_program program = {.name = wake->name, .body = run_wake, .argument = wake};
    void *state = calloc(1, hde_strategy_dfs.state_size);
    unsigned seen = 0;

    assert_non_null(state);
    hde_execution_forget_visible();
    hde_strategy_dfs.start(state, &options);
    do {
        hde_strategy_dfs.begin(state, 1);
        hde_execution_run(&program, &settings, &hde_strategy_dfs, state);
        assert_int_equal(hde_execution.findings_count, 0);
        seen |= hde_execution.end == HDE_END_DONE ? 1U << results->outcome : 0;
    } while (hde_strategy_dfs.end(state));
    hde_strategy_dfs.stop(state);
    free(state);
    if (seen != wake->outcomes) {
        fail_msg("%s, dfs: outcomes %#x, not %#x", wake->name, seen, wake->outcomes);
    }
}

/* What dfs leaves out as equivalent is: steps say all that they touch. */
static void test_all_executions(void **state)
{
    (void)state;
    for (const struct wake_program *wake = wake_countable_programs; wake->name != NULL; wake++) {
        check_exhaustively(wake);
    }
}

static void run_sleep(const void *argument)
{
    (void)argument;
    hd_wake_sleep_an_hour(results->clocks_ns);
}

/* An hour passes at once, by every clock, and is the same one each time. */
static void test_time_is_virtual(void **state)
{
    const struct hde_program program = {.name = "an hour", .body = run_sleep, .argument = NULL};
    const struct hde_settings settings = hd_experiment_settings();
    uint64_t first[4];

    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        (void)hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);
        const uint64_t *clocks_ns = results->clocks_ns;

        assert_true(clocks_ns[0] - HDE_TIME_MONOTONIC_NS == HDE_TIME_TICK_NS);
        assert_true(clocks_ns[1] - HDE_TIME_REALTIME_NS == 2 * HDE_TIME_TICK_NS);
        assert_true(clocks_ns[2] - clocks_ns[0] ==
                    3600 * HDE_TIME_SECOND_NS + 2 * HDE_TIME_TICK_NS);
        assert_true(clocks_ns[3] - clocks_ns[1] ==
                    3600 * HDE_TIME_SECOND_NS + 2 * HDE_TIME_TICK_NS);
        if (seed == 1) {
            memcpy(first, clocks_ns, sizeof(first));
        }
        assert_memory_equal(first, clocks_ns, sizeof(first));
    }
}

static int set_up(void **state)
{
    (void)state;
    results = calloc(1, sizeof(*results));
    return results == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(results);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_outcome_comes),
        cmocka_unit_test(test_locks),
        cmocka_unit_test(test_replays),
        cmocka_unit_test(test_all_executions),
        cmocka_unit_test(test_time_is_virtual),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
