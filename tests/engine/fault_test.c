/*
 * Faults: what the system may do at any time happens in some execution, as often as its budget
 * allows and no more; a schedule repeats it, and shrinking leaves out those that are not needed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "engine/shrink.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/faults.h"

extern const struct hde_strategy hde_strategy_random;

/* A fault comes at each wait with probability 1/2: 200 executions miss it with less than 2^-50,
 * even where one in four comes to wait at all. */
#define EXECUTIONS 200
#define REPLAYS 20

static struct hde_schedule schedule;
static struct hde_trace trace;

/* Not a global: what executions write to those is undone. */
static unsigned *spurious_count;

static void run_program(const void *argument) { ((const struct fault_program *)argument)->run(); }

static struct hde_settings settings_with(enum hde_choice_kind kind, uint32_t budget)
{
    struct hde_settings settings = hd_experiment_settings();

    settings.budgets.of[kind] = budget;
    return settings;
}

static unsigned count_faults(const struct hde_schedule *of, enum hde_choice_kind kind)
{
    unsigned count = 0;

    for (size_t i = 0; i < of->count; i++) {
        count += of->entries[i].choice == kind ? 1 : 0;
    }
    return count;
}

/* A finding in an execution of its own, whose schedule is then in `schedule'. */
static struct hde_finding find_failure(const struct hde_program *program,
                                       const struct hde_settings *settings)
{
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        struct experiment result =
            hd_experiment_run(program, settings, &hde_strategy_random, seed, 1);

        if (result.first.kind != HD_CLEAN) {
            assert_int_equal(result.first.kind, HD_FAILURE);
            hde_schedule_copy(&schedule, &hde_execution.schedule);
            return result.first;
        }
    }
    fail_msg("%s: nothing was found", program->name);
    return (struct hde_finding){.kind = HD_CLEAN};
}

static void check_replays(const struct hde_program *program,
                          const struct hde_settings *settings,
                          const struct hde_finding *finding)
{
    for (unsigned i = 0; i < REPLAYS; i++) {
        struct hde_divergence divergence;

        hde_replay(program, settings, &schedule, &divergence, &trace);
        assert_false(divergence.has_diverged);
        assert_int_equal(hde_execution.findings_count, 1);
        assert_true(hde_finding_is_same(&hde_execution.findings[0], finding));
    }
}

static void check_fault(const struct fault_program *fault)
{
    const struct hde_program program = {
        .name = fault->name, .body = run_program, .argument = fault};
    struct hde_settings settings = settings_with(fault->kind, 0);
    struct experiment without =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, EXECUTIONS);

    if (without.first.kind != HD_CLEAN) {
        fail_msg("%s: finding of kind %d without a fault", fault->name, without.first.kind);
    }
    settings = settings_with(fault->kind, 1);
    struct hde_finding finding = find_failure(&program, &settings);

    assert_int_equal(count_faults(&schedule, fault->kind), 1);
    check_replays(&program, &settings, &finding);
    (void)hde_shrink(&program, &settings, &finding, &schedule, 1000);
    assert_int_equal(count_faults(&schedule, fault->kind), 1);
    check_replays(&program, &settings, &finding);
}

static void each_comes_in_its_budget_and_is_repeated(void **state)
{
    (void)state;
    for (const struct fault_program *fault = fault_programs; fault->name != NULL; fault++) {
        check_fault(fault);
    }
}

static void run_third(const void *argument)
{
    (void)argument;
    hd_fault_third_of_six();
}

/* Of the many that came, the one that matters is left. */
static void shrinking_drops_needless_faults(void **state)
{
    const struct hde_program program = {.name = "third of six", .body = run_third};
    const struct hde_settings settings = settings_with(HDE_CHOICE_SPURIOUS, 6);
    unsigned most = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        struct experiment result =
            hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

        if (result.first.kind == HD_CLEAN) {
            continue;
        }
        hde_schedule_copy(&schedule, &hde_execution.schedule);
        unsigned before = count_faults(&schedule, HDE_CHOICE_SPURIOUS);

        most = before > most ? before : most;
        (void)hde_shrink(&program, &settings, &result.first, &schedule, 1000);
        assert_int_equal(schedule.count, 1);
        assert_int_equal(schedule.entries[0].choice, HDE_CHOICE_SPURIOUS);
    }
    assert_int_equal(most, 3); /* the execution ends at the third wait */
}

static void run_count(const void *argument)
{
    (void)argument;
    hd_fault_count(spurious_count);
}

/* Every number up to the budget comes, and none beyond. */
static void there_are_no_more_than_the_budget(void **state)
{
    const struct hde_program program = {.name = "six waits", .body = run_count};
    const struct hde_settings settings = settings_with(HDE_CHOICE_SPURIOUS, 2);
    unsigned seen = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        (void)hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);
        seen |= 1U << *spurious_count;
    }
    assert_int_equal(seen, 7);
}

static void run_signal(const void *argument)
{
    (void)argument;
    hd_fault_signal_goes_on();
}

/* A signal wakes one who waits: nobody waits for ever though waits end spuriously. */
static void no_signal_is_lost_on_one_who_does_not_wait(void **state)
{
    const struct hde_program program = {.name = "signals", .body = run_signal};
    const struct hde_settings settings = settings_with(HDE_CHOICE_SPURIOUS, 3);
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 20 * EXECUTIONS);

    (void)state;
    assert_int_equal(result.first.kind, HD_CLEAN);
    assert_int_equal(result.ended[HDE_END_DONE], 20 * EXECUTIONS);
}

static void run_elsewhere(const void *argument)
{
    (void)argument;
    hd_fault_times_out_elsewhere();
}

static void who_was_sent_elsewhere_leaves_that(void **state)
{
    const struct hde_program program = {.name = "elsewhere", .body = run_elsewhere};
    const struct hde_settings settings = hd_experiment_settings();
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, EXECUTIONS);

    (void)state;
    assert_int_equal(result.first.kind, HD_CLEAN);
}

static int set_up(void **state)
{
    (void)state;
    spurious_count = calloc(1, sizeof(*spurious_count));
    return spurious_count == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(spurious_count);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_comes_in_its_budget_and_is_repeated),
        cmocka_unit_test(shrinking_drops_needless_faults),
        cmocka_unit_test(there_are_no_more_than_the_budget),
        cmocka_unit_test(no_signal_is_lost_on_one_who_does_not_wait),
        cmocka_unit_test(who_was_sent_elsewhere_leaves_that),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
