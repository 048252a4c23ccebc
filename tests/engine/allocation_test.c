/*
 * Allocation: each function that allocates fails when a choice says so, as it promises to fail, and
 * never otherwise; such a schedule replays, and what a failure does not need is shrunk away.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "engine/shrink.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/allocation.h"

extern const struct hde_strategy hde_strategy_random;

static unsigned failures[ALLOCATION_CALLS];

void hd_test_allocation_failed(unsigned call) { failures[call]++; }

static struct hde_settings with_budget(uint32_t budget)
{
    struct hde_settings settings = hd_experiment_settings();

    settings.budgets.of[HDE_CHOICE_ALLOCATION] = budget;
    return settings;
}

static struct hde_program program_of(void (*function)(void *))
{
    static void (*functions[2])(void *);

    functions[0] = function;
    functions[1] = function;
    return hd_experiment_threads(functions, 2);
}

static unsigned count_failures(void)
{
    unsigned count = 0;

    for (unsigned call = 0; call < ALLOCATION_CALLS; call++) {
        count += failures[call];
        failures[call] = 0;
    }
    return count;
}

/* With a budget of one, an allocation that is asked for first of 22 fails with 1/8, the last with
 * (7/8)^21/8 > 1/133: 3,000 executions miss it with probability < e^-22. */
static void every_function_that_allocates_may_fail(void **state)
{
    const struct hde_settings settings = with_budget(1);
    const struct hde_program program = program_of(hd_allocation_call_all);

    (void)state;
    (void)count_failures();
    assert_int_equal(
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 3000).first.kind, HD_CLEAN);
    for (unsigned call = 0; call < ALLOCATION_CALLS; call++) {
        assert_true(failures[call] > 0);
    }
    assert_in_range(count_failures(), 1, 3000); /* one an execution, at most */
}

static void none_fails_without_a_budget(void **state)
{
    const struct hde_settings settings = with_budget(0);
    const struct hde_program program = program_of(hd_allocation_call_all);

    (void)state;
    (void)count_failures();
    assert_int_equal(
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 300).first.kind, HD_CLEAN);
    assert_int_equal(count_failures(), 0);
}

/* The first execution that finds something; its schedule in *schedule. */
static struct hde_finding find_first(const struct hde_program *program,
                                     const struct hde_settings *settings,
                                     uint64_t *seed,
                                     struct hde_schedule *schedule)
{
    struct experiment result;

    do {
        result = hd_experiment_run(program, settings, &hde_strategy_random, (*seed)++, 1);
        assert_true(*seed < 100000);
    } while (result.first.kind == HD_CLEAN);
    hde_schedule_copy(schedule, &hde_execution.schedule);
    return result.first;
}

static unsigned faults_in(const struct hde_schedule *schedule)
{
    unsigned count = 0;

    for (size_t i = 0; i < schedule->count; i++) {
        count += schedule->entries[i].choice == HDE_CHOICE_ALLOCATION;
    }
    return count;
}

static void check_replays(const struct hde_program *program,
                          const struct hde_settings *settings,
                          const struct hde_schedule *schedule,
                          const struct hde_finding *finding)
{
    struct hde_divergence divergence;

    for (unsigned i = 0; i < 20; i++) {
        hde_replay(program, settings, schedule, &divergence, NULL);
        assert_false(divergence.has_diverged);
        assert_int_equal(hde_execution.findings_count, 1);
        assert_true(hde_finding_is_same(&hde_execution.findings[0], finding));
    }
}

static void check_findings(void (*function)(void *),
                           uint32_t budget,
                           enum hd_verdict kind,
                           unsigned faults_needed)
{
    const struct hde_settings settings = with_budget(budget);
    const struct hde_program program = program_of(function);
    struct hde_schedule schedule = {.count = 0};
    uint64_t seed = 1;
    unsigned faults_found = 0;

    for (unsigned i = 0; i < 20; i++) {
        struct hde_finding finding = find_first(&program, &settings, &seed, &schedule);

        assert_int_equal(finding.kind, kind);
        faults_found += faults_in(&schedule);
        check_replays(&program, &settings, &schedule, &finding);
        (void)hde_shrink(&program, &settings, &finding, &schedule, 1000);
        assert_int_equal(faults_in(&schedule), faults_needed);
        check_replays(&program, &settings, &schedule, &finding);
    }
    assert_true(faults_found > 20 * faults_needed); /* so there was something to shrink */
    hde_schedule_release(&schedule);
}

static void a_failure_that_is_needed_stays(void **state)
{
    (void)state;
    check_findings(hd_allocation_forget, 4, HD_FAILURE, 1);
}

static void a_failure_that_is_not_needed_is_shrunk_away(void **state)
{
    (void)state;
    check_findings(hd_allocation_overlap, 2, HD_FAILURE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_that_allocates_may_fail),
        cmocka_unit_test(none_fails_without_a_budget),
        cmocka_unit_test(a_failure_that_is_needed_stays),
        cmocka_unit_test(a_failure_that_is_not_needed_is_shrunk_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
