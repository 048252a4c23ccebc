/*
 * Scenarios: what runs of a descriptor, in which order, and what the twin has instead.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/scenario.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/stages.h"

extern const struct hde_strategy hde_strategy_random;

#define NOTES_MAX 16U

static char notes[NOTES_MAX + 1];
static size_t notes_count;

void hd_stages_note(char stage)
{
    if (notes_count < NOTES_MAX) {
        notes[notes_count++] = stage;
    }
}

/* One execution; what it noted is in `notes'. */
static void run(const struct hd_scenario *descriptor, bool is_fixed, uint64_t seed)
{
    const struct hde_scenario scenario = {
        .name = "program", .fixed_name = "program.fixed", .scenario = descriptor};
    const struct hde_program program = hde_scenario_program(&scenario, is_fixed);
    const struct hde_settings settings = hd_experiment_settings();

    memset(notes, 0, sizeof(notes));
    notes_count = 0;
    (void)hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);
}

static void stages_come_in_order(void **unused)
{
    (void)unused;
    run(&stages_noted, false, 1);
    assert_string_equal(notes, "sttc");
    run(&stages_noted, true, 1);
    assert_string_equal(notes, "STc");
}

static void state_is_zero_in_each_execution(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        run(&stages_noted, false, seed);
        assert_string_equal(notes, "sttc"); /* setup expects a counter of 0 */
    }
}

static void join_at_exit_lets_threads_end_before_check(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        run(&stages_main_joins, false, seed);
        assert_true(strcmp(notes, "mtc") == 0 || strcmp(notes, "tmc") == 0);
    }
}

/*
 * After the thread is created, it or main goes on, each half the time or so: 100 executions miss
 * one with 2^-99.
 */
static void without_it_threads_stop_where_they_are(void **unused)
{
    unsigned ran = 0;
    unsigned stopped = 0;

    (void)unused;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        run(&stages_main_leaves, false, seed);
        ran += strcmp(notes, "mtc") == 0 || strcmp(notes, "tmc") == 0;
        stopped += strcmp(notes, "mc") == 0;
    }
    assert_int_equal(ran + stopped, 100);
    assert_true(ran > 0);
    assert_true(stopped > 0);
}

static void check_runs_after_main_has_ended_as_a_thread(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        run(&stages_main_exits, false, seed);
        assert_true(strcmp(notes, "mtcd") == 0 || strcmp(notes, "tmcd") == 0);
        assert_int_equal(hde_execution.end, HDE_END_DONE);
    }
}

/* What check unlocks lets no thread go on that has stopped; what one holds stays locked. */
static void stopped_threads_stay_where_they_are(void **unused)
{
    unsigned checked = 0;
    unsigned locked = 0;

    (void)unused;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        run(&stages_main_leaves_lock, false, seed);
        assert_null(strstr(notes, "ct"));
        assert_null(strstr(notes, "dt"));
        checked += strcmp(notes, "mcd") == 0;
        locked += hde_execution.findings_count == 1 &&
                  hde_execution.findings[0].class == HDE_CLASS_HOLDER_ENDED;
        assert_true(hde_execution.end == HDE_END_DONE || hde_execution.findings_count == 1);
    }
    assert_true(checked > 0);
    assert_true(locked > 0);
}

static void threads_can_be_joined(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run(&stages_joined, false, seed);
        assert_int_equal(hde_execution.end, HDE_END_DONE);
        assert_int_equal(hde_execution.findings_count, 0);
    }
}

static void names_and_twins(void **unused)
{
    const struct hde_scenario scenario = {
        .name = "program", .fixed_name = "program.fixed", .scenario = &stages_noted};

    (void)unused;
    assert_string_equal(hde_scenario_program(&scenario, false).name, "program");
    assert_string_equal(hde_scenario_program(&scenario, true).name, "program.fixed");
    assert_true(hde_scenario_has_fix(&stages_noted));
    assert_false(hde_scenario_has_fix(&stages_main_joins));
}

static void note_state(void *state) { hd_stages_note(state == NULL ? '0' : '1'); }

static void without_a_size_state_is_null(void **unused)
{
    const struct hd_scenario stateless = {.summary = "notes", .threads = {note_state}};

    (void)unused;
    assert_null(hde_scenario_fault(&stateless));
    run(&stateless, false, 1);
    assert_string_equal(notes, "0");
}

static void do_nothing(void *state) { (void)state; }

static void what_would_not_run_is_a_fault(void **unused)
{
    const struct hd_scenario nothing = {.summary = "runs nothing"};
    const struct hd_scenario gap = {.summary = "a", .threads = {note_state, NULL, note_state}};
    const struct hd_scenario fixed_gap = {
        .summary = "a", .threads = {note_state}, .fixed = {NULL, note_state}};
    const struct hd_scenario both = {.summary = "a", .threads = {note_state}, .main = do_nothing};
    const struct hd_scenario fixed_both = {
        .summary = "a", .threads = {note_state}, .fixed = {note_state}, .fixed_main = do_nothing};
    const struct hd_scenario nameless = {.threads = {note_state}};

    (void)unused;
    assert_non_null(strstr(hde_scenario_fault(&nothing), "nothing would run"));
    assert_non_null(strstr(hde_scenario_fault(&gap), "NULL between"));
    assert_non_null(strstr(hde_scenario_fault(&fixed_gap), "NULL between"));
    assert_non_null(strstr(hde_scenario_fault(&both), "both .threads and .main"));
    assert_non_null(strstr(hde_scenario_fault(&fixed_both), "both .fixed and .fixed_main"));
    assert_non_null(strstr(hde_scenario_fault(&nameless), "no .summary"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_come_in_order),
        cmocka_unit_test(state_is_zero_in_each_execution),
        cmocka_unit_test(join_at_exit_lets_threads_end_before_check),
        cmocka_unit_test(check_runs_after_main_has_ended_as_a_thread),
        cmocka_unit_test(without_it_threads_stop_where_they_are),
        cmocka_unit_test(stopped_threads_stay_where_they_are),
        cmocka_unit_test(threads_can_be_joined),
        cmocka_unit_test(names_and_twins),
        cmocka_unit_test(without_a_size_state_is_null),
        cmocka_unit_test(what_would_not_run_is_a_fault),
    };

    hde_execution_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
