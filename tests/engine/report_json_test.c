/*
 * Reports of findings for real: the record is complete, says what the program knows, and nothing
 * that differs from run to run.
 *
 * Each program is run until it has its finding, which a random walk meets in at least one execution
 * of 20: 1,000 executions miss it with probability below 2^-74. Then its schedule is replayed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "engine/replay.h"
#include "engine/report.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/incident.h"

#define EXECUTIONS 1000U
#define BUFFER_SIZE ((size_t)1 << 20)
#define INCIDENT_FILE "tests/engine/programs/incident.c"

extern const struct hde_strategy hde_strategy_random;

static struct hde_trace trace;
static struct hde_schedule schedule;
static struct hde_program program;
static struct hde_settings settings;

/* Run two threads until they have a finding of `kind`, and keep the schedule. */
static void find(void (*first)(void *), void (*second)(void *), enum hd_verdict kind)
{
    static void (*threads[2])(void *);
    uint64_t seed = 1;
    struct experiment result = {.executions = 0};

    threads[0] = first;
    threads[1] = second;
    program = hd_experiment_threads(threads, 2);
    settings = hd_experiment_settings();
    while (result.with[kind] == 0 && seed <= EXECUTIONS) {
        result = hd_experiment_run(&program, &settings, &hde_strategy_random, seed++, 1);
    }
    assert_true(result.with[kind] > 0);
    hde_schedule_copy(&schedule, &hde_execution.schedule);
}

/* Replay the schedule; returns the report of its first finding. */
static struct hde_report replay(void)
{
    struct hde_divergence divergence;

    hde_replay(&program, &settings, &schedule, &divergence, &trace);
    assert_false(divergence.has_diverged);
    assert_true(hde_execution.findings_count > 0);
    return (struct hde_report){
        .program = "incident",
        .strategy = "random",
        .seed = UINT64_MAX,
        .executions = 3,
        .preemptions = 1,
        .finding = &hde_execution.findings[0],
        .trace = &trace,
        .schedule = "short",
        .replay = "heddle replay incident",
    };
}

static char *written(const struct hde_report *report, char *text, bool is_json)
{
    FILE *file = fmemopen(text, BUFFER_SIZE, "w");

    assert_non_null(file);
    if (is_json) {
        assert_int_equal(hde_report_json(report, file), 0);
    } else {
        hde_report_text(report, file);
    }
    assert_int_equal(fclose(file), 0);
    return text;
}

static json_t *record_of(const struct hde_report *report)
{
    static char text[BUFFER_SIZE];
    json_error_t error;
    json_t *record = json_loads(written(report, text, true), JSON_REJECT_DUPLICATES, &error);

    assert_non_null(record);
    return record;
}

static void assert_text(const json_t *object, const char *key, const char *expected)
{
    const char *text = json_string_value(json_object_get(object, key));

    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void assert_has(const json_t *object, const char *const *keys)
{
    while (*keys != NULL && json_object_get(object, *keys) != NULL) {
        keys++;
    }
    if (*keys != NULL) {
        fail_msg("there is no `%s'", *keys);
    }
}

static void assert_all_have(const json_t *array, const char *const *keys)
{
    assert_true(json_array_size(array) > 0);
    for (size_t i = 0; i < json_array_size(array); i++) {
        assert_has(json_array_get(array, i), keys);
    }
}

static void test_record_is_complete(void **state)
{
    static const char *const whole[] = {
        "format", "record",      "identity",   "kind",    "class",   "message",    "function",
        "file",   "line",        "program",    "flavour", "model",   "build_id",   "strategy",
        "seed",   "schedule",    "executions", "replay",  "is_owed", "noticed_by", "sanitizer",
        "places", "preemptions", "threads",    "history", "lines",   "objects",    "rows",
        "steps",  "excerpts",    NULL};
    static const char *const place[] = {"text", "thread", "event",     "function", "file",
                                        "line", "object", "stack",     "is_cause", "locks",
                                        "size", "step",   "waits_for", NULL};
    static const char *const row[] = {
        "thread",   "event", "object", "file",   "line",      "times",           "step", "steps",
        "function", "locks", "code",   "action", "is_marked", "left_out_before", NULL};
    static const char *const step[] = {"thread", "number", "event",     "line",         "object",
                                       "stack",  "size",   "order",     "read",         "written",
                                       "locks",  "after",  "is_marked", "is_preempted", NULL};
    static const char *const thread[] = {"id",         "name",  "function", "created_by",
                                         "created_at", "ended", "stack",    NULL};
    static const char *const line[] = {"function", "file", "line", "code", NULL};
    static const char *const object[] = {"name", "whereabouts", "kind", NULL};
    static const char *const excerpt[] = {"file", "first", "text", NULL};
    json_t *record;

    (void)state;
    find(hd_incident_publish, hd_incident_follow, HD_DATA_RACE);
    const struct hde_report report = replay();

    record = record_of(&report);
    assert_has(record, whole);
    assert_all_have(json_object_get(record, "places"), place);
    assert_all_have(json_object_get(record, "rows"), row);
    assert_all_have(json_object_get(record, "steps"), step);
    assert_all_have(json_object_get(record, "threads"), thread);
    assert_all_have(json_object_get(record, "lines"), line);
    assert_all_have(json_object_get(record, "objects"), object);
    assert_all_have(json_object_get(record, "excerpts"), excerpt);
    assert_int_equal(json_integer_value(json_object_get(record, "format")), 2);
    assert_text(record, "record", "finding");
    assert_text(record, "kind", "data-race");
    assert_text(record, "seed", "18446744073709551615");
    assert_text(record, "replay", "heddle replay incident");
    assert_text(record, "file", INCIDENT_FILE);
    json_decref(record);
}

static void test_member_of_a_heap_block_is_named(void **state)
{
    char whereabouts[256];
    json_t *record;
    const json_t *place;

    (void)state;
    find(hd_incident_publish, hd_incident_follow, HD_DATA_RACE);
    const struct hde_report report = replay();

    record = record_of(&report);
    place = json_array_get(json_object_get(record, "places"), 0);
    (void)snprintf(whereabouts, sizeof(whereabouts),
                   "in 16 bytes that thread 1 allocated at " INCIDENT_FILE ":%d",
                   incident_line_of_malloc);
    assert_text(json_object_get(place, "object"), "name", "incident_node.value");
    assert_text(json_object_get(place, "object"), "whereabouts", whereabouts);
    json_decref(record);
}

static void test_end_of_a_heap_block_is_told(void **state)
{
    static char text[BUFFER_SIZE];
    json_t *record;
    const json_t *place;

    (void)state;
    find(hd_incident_free, hd_incident_follow, HD_USE_AFTER_FREE);
    const struct hde_report report = replay();

    (void)written(&report, text, false);
    assert_non_null(strstr(text, "thread 1 frees the block"));
    record = record_of(&report);
    place = json_array_get(json_object_get(record, "places"), 1);
    assert_int_equal(json_integer_value(json_object_get(place, "line")), incident_line_of_free);
    json_decref(record);
}

static void test_failure_has_its_line(void **state)
{
    json_t *record;
    const json_t *place;

    (void)state;
    find(hd_incident_expect, hd_incident_spoil, HD_FAILURE);
    const struct hde_report report = replay();

    record = record_of(&report);
    place = json_array_get(json_object_get(record, "places"), 0);
    assert_text(place, "function", "hd_incident_expect");
    assert_text(place, "file", INCIDENT_FILE);
    assert_int_equal(json_integer_value(json_object_get(place, "line")),
                     incident_line_of_expectation);
    json_decref(record);
}

/* Our lock is made of atomics and a futex, and is a lock to the reader all the same. */
static void test_deadlock_names_both_kinds_of_locks(void **state)
{
    static char text[BUFFER_SIZE];

    (void)state;
    find(hd_incident_take_ours_first, hd_incident_take_theirs_first, HD_DEADLOCK);
    const struct hde_report report = replay();

    (void)written(&report, text, false);
    assert_non_null(strstr(text, "wait for each other's locks"));
    assert_non_null(strstr(text, "thread 1 waits for `incident_theirs', which thread 2 acquired"));
    assert_non_null(strstr(text, "thread 2 waits for `incident_ours', which thread 1 acquired"));
    assert_non_null(strstr(text, "holding `incident_theirs', acquired at " INCIDENT_FILE));
    assert_non_null(strstr(text, "holding `incident_ours', acquired at " INCIDENT_FILE));
}

/* Not the function that created it. */
static void test_created_thread_has_its_function(void **state)
{
    json_t *record;
    const json_t *thread;

    (void)state;
    find(hd_incident_create, hd_incident_spoil, HD_DATA_RACE);
    const struct hde_report report = replay();

    record = record_of(&report);
    thread = json_array_get(json_object_get(record, "threads"), 3);
    assert_text(thread, "function", "add");
    assert_int_equal(json_integer_value(json_object_get(thread, "created_by")), 1);
    json_decref(record);
}

/* Replaying once more gives the same bytes, and none of them is an address. */
static void test_reports_of_one_schedule_are_equal(void **state)
{
    static char first[2][BUFFER_SIZE];
    static char second[2][BUFFER_SIZE];

    (void)state;
    find(hd_incident_take_ours_first, hd_incident_take_theirs_first, HD_DEADLOCK);
    for (unsigned i = 0; i < 2; i++) {
        struct hde_report report = replay();

        (void)written(&report, first[i], i == 1);
        report = replay();
        (void)written(&report, second[i], i == 1);
        assert_string_equal(first[i], second[i]);
        assert_null(strstr(first[i], "0x"));
    }
    assert_non_null(strstr(first[0], "\n  replay: heddle replay incident\n"));
    assert_string_equal(strrchr(first[0], ':'), ": heddle replay incident\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_is_complete),
        cmocka_unit_test(test_member_of_a_heap_block_is_named),
        cmocka_unit_test(test_end_of_a_heap_block_is_told),
        cmocka_unit_test(test_failure_has_its_line),
        cmocka_unit_test(test_deadlock_names_both_kinds_of_locks),
        cmocka_unit_test(test_created_thread_has_its_function),
        cmocka_unit_test(test_reports_of_one_schedule_are_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
