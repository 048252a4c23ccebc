/*
 * Histories: what is recorded, when a call counts, and what is said of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "engine/history.h"
#include "engine/replay.h"
#include "engine/report.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/recorded.h"

#define EXECUTIONS 200U /* what shows in a quarter of them is missed with probability 2^-83 */
#define ALL 10000U
#define BUFFER_SIZE 16384U

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_dfs;

static const struct recorded_program *the_program;
static struct hde_trace trace;
static struct hde_schedule schedule;

static void run_program(const void *argument)
{
    unsigned count = 0;

    (void)argument;
    while (count < RECORDED_THREADS_MAX && the_program->threads[count] != NULL) {
        count++;
    }
    the_program->setup();
    hde_execution_run_threads(the_program->threads, count, NULL);
}

static const struct hde_program program = {.name = "recorded", .body = run_program};

static struct experiment run_with(const struct recorded_program *recorded,
                                  const struct hde_strategy *strategy,
                                  uint32_t executions,
                                  enum hde_visibility visibility)
{
    struct hde_settings settings = hd_experiment_settings();

    the_program = recorded;
    settings.visibility = visibility;
    return hd_experiment_run(&program, &settings, strategy, 1, executions);
}

static struct experiment run(const struct recorded_program *recorded)
{
    return run_with(recorded, &hde_strategy_random, EXECUTIONS, HDE_VISIBLE_RACY);
}

/* The last execution is one with a finding of that kind; returns it. */
static const struct hde_finding *run_until(const struct recorded_program *recorded,
                                           enum hd_verdict kind)
{
    struct hde_settings settings = hd_experiment_settings();

    the_program = recorded;
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        struct experiment result =
            hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

        if (result.with[kind] > 0) {
            return &hde_execution.findings[hde_execution.findings_count - 1];
        }
    }
    fail_msg("%s: not found", recorded->name);
    return NULL;
}

/* Otherwise a call that is primed would run at the same time as all that the others do first. */
static void a_call_counts_from_where_others_could_see_it(void **state)
{
    (void)state;
    assert_int_equal(run(&hd_recorded_register).with[HD_NOT_LINEARIZABLE], 0);
    assert_in_range(run(&hd_recorded_stale).with[HD_NOT_LINEARIZABLE], EXECUTIONS / 4,
                    3 * EXECUTIONS / 4);
}

static void after_a_race_a_call_counts_from_where_it_stands(void **state)
{
    struct experiment racy;

    (void)state;
    racy = run(&hd_recorded_stale_racy);
    assert_int_equal(racy.with[HD_DATA_RACE], EXECUTIONS);
    assert_int_equal(racy.with[HD_NOT_LINEARIZABLE], 0);

    /* Right in every interleaving, though its plain accesses are what takes effect. */
    racy = run_with(&hd_recorded_plain_value, &hde_strategy_dfs, ALL, HDE_VISIBLE_ALL);
    assert_in_range(racy.executions, 6, ALL - 1);
    assert_int_equal(racy.with[HD_NOT_LINEARIZABLE], 0);
}

static void each_key_is_judged(void **state)
{
    (void)state;
    assert_string_equal(run_until(&hd_recorded_wrong_key, HD_NOT_LINEARIZABLE)->text,
                        "register: read(1) = 5 cannot be at first");
}

static void recording_makes_no_choices(void **state)
{
    struct experiment with;
    struct experiment without;

    (void)state;
    with = run_with(&hd_recorded_plain_value, &hde_strategy_dfs, ALL, HDE_VISIBLE_ALL);
    without = run_with(&hd_recorded_not_at_all, &hde_strategy_dfs, ALL, HDE_VISIBLE_ALL);
    assert_int_equal(with.executions, without.executions);
    assert_int_equal(with.with[HD_DATA_RACE], without.with[HD_DATA_RACE]);
}

static void a_replay_gives_the_same_history(void **state)
{
    struct hde_settings settings = hd_experiment_settings();
    struct hde_divergence divergence;

    (void)state;
    const struct hde_finding found = *run_until(&hd_recorded_stale, HD_NOT_LINEARIZABLE);

    hde_schedule_copy(&schedule, &hde_execution.schedule);
    for (int times = 0; times < 20; times++) {
        hde_replay(&program, &settings, &schedule, &divergence, NULL);
        assert_false(divergence.has_diverged);
        assert_int_equal(hde_execution.findings_count, 1);
        assert_string_equal(hde_execution.findings[0].text, found.text);
        assert_true(hde_finding_is_same(&hde_execution.findings[0], &found));
    }
}

static void a_deadlock_says_whether_the_specification_waits(void **state)
{
    (void)state;
    assert_non_null(strstr(run_until(&hd_recorded_empty, HD_DEADLOCK)->text,
                           "thread 1 has to wait in acquire()"));
    assert_non_null(strstr(run_until(&hd_recorded_lost_wake_up, HD_DEADLOCK)->text,
                           "thread 1 need not wait in acquire()"));
}

static unsigned count_waits(const struct hde_finding *finding)
{
    unsigned waits = 0;

    for (uint32_t i = 0; i < finding->places_count; i++) {
        waits += finding->places[i].is_cause ? 0 : 1;
    }
    return waits;
}

/* That the other one could have had the unit is no reason for both to wait. */
static void no_waiting_thread_is_an_excuse_for_another(void **state)
{
    struct hde_settings settings = hd_experiment_settings();
    uint32_t wrong = 0;

    (void)state;
    the_program = &hd_recorded_two_wait;
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        (void)hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);
        assert_int_equal(hde_execution.findings_count, 1);

        const struct hde_finding *finding = &hde_execution.findings[0];
        bool is_wrong = strstr(finding->text, "need not wait") != NULL;

        assert_int_equal(is_wrong, count_waits(finding) == 2);
        wrong += is_wrong ? 1 : 0;
    }
    assert_in_range(wrong, EXECUTIONS / 20, EXECUTIONS - 1);
}

static void what_cannot_be_recorded_is_a_failure(void **state)
{
    (void)state;
    assert_non_null(
        strstr(run_until(&hd_recorded_not_begun, HD_FAILURE)->text, "hd_history_begin"));
    assert_non_null(
        strstr(run_until(&hd_recorded_not_called, HD_FAILURE)->text, "without hd_history_call"));
    assert_non_null(
        strstr(run_until(&hd_recorded_too_many, HD_FAILURE)->text, "HD_HISTORY_OPERATIONS_MAX"));
}

static void outside_executions_nothing_is_recorded(void **state)
{
    uint32_t count = hde_histories.operations_count;
    int object = 0;

    (void)state;
    hd_history_begin(&object, &hd_specification_lock, 0);
    hd_history_call(&object, HD_OP_ACQUIRE, 0);
    hd_history_call_key(&object, HD_OP_ACQUIRE, 0, 0);
    hd_history_return(&object, HD_OK, 0);
    assert_int_equal(hde_histories.operations_count, count);
}

/* What is put off is put off only while nobody can see the difference. */
static void a_report_shows_the_operations(void **state)
{
    static char text[BUFFER_SIZE];
    struct hde_settings settings = hd_experiment_settings();
    struct hde_divergence divergence;
    FILE *file = fmemopen(text, sizeof(text), "w");

    (void)state;
    assert_non_null(file);
    (void)run_until(&hd_recorded_stale, HD_NOT_LINEARIZABLE);
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    hde_replay(&program, &settings, &schedule, &divergence, &trace);

    const struct hde_report report = {
        .program = "stale",
        .finding = &hde_execution.findings[0],
        .trace = &trace,
        .replay = "none",
        .schedule = "none",
    };

    hde_report_text(&report, file);
    assert_int_equal(fclose(file), 0);
    assert_non_null(strstr(text, "register: read(0) = 0 cannot come after write(1, 0)"));
    assert_non_null(strstr(text, "  thread 1   write(1, 0)                 1. ||\n"
                                 "* thread 2   read(0) = 0                      ||\n"));
    assert_non_null(strstr(text, "* hd_history_return(&number"));
    assert_non_null(strstr(text, "* thread 2 returns from read(0) = 0\n"));
    hde_trace_release(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_counts_from_where_others_could_see_it),
        cmocka_unit_test(after_a_race_a_call_counts_from_where_it_stands),
        cmocka_unit_test(each_key_is_judged),
        cmocka_unit_test(recording_makes_no_choices),
        cmocka_unit_test(a_replay_gives_the_same_history),
        cmocka_unit_test(a_deadlock_says_whether_the_specification_waits),
        cmocka_unit_test(no_waiting_thread_is_an_excuse_for_another),
        cmocka_unit_test(what_cannot_be_recorded_is_a_failure),
        cmocka_unit_test(outside_executions_nothing_is_recorded),
        cmocka_unit_test(a_report_shows_the_operations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
