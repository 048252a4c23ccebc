/*
 * SARIF: what GitHub's code scanning refuses a file for is not written, and said to be left out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ci/report/record.h"

#define RESULTS_MAX 25000
#define LOCATIONS_MAX 1000
#define STEPS_TOTAL_MAX 50000
#define NAME "heddle.sarif"

/* What is written of findings and runs, which are released, and read again: the run of the log. */
static json_t *run_of(json_t *findings, json_t *runs)
{
    char folder[] = "/tmp/heddle-sarif-XXXXXX";
    char path[sizeof(folder) + sizeof(NAME)];
    struct hdr_collection collection = {
        .findings = findings,
        .runs = runs,
        .notes = json_array(),
        .damaged = 3,
    };

    assert_non_null(mkdtemp(folder));

    struct hdr_output output = {.folder = folder};

    assert_true(hdr_sarif_write(&collection, &output, NAME, true));
    (void)snprintf(path, sizeof(path), "%s/" NAME, folder);

    json_t *log = json_load_file(path, 0, NULL);

    assert_non_null(log);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);

    json_t *run = json_incref(json_array_get(json_object_get(log, "runs"), 0));

    json_decref(log);
    hdr_collection_release(&collection);
    return run;
}

static json_t *finding_of(size_t number)
{
    char identity[17];

    (void)snprintf(identity, sizeof(identity), "%016zx", number);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s}", "identity", identity, "kind", "failure",
                     "message", "it failed", "function", "main", "file", "a.c", "line",
                     (int)number + 1, "status", "new");
}

static const json_t *notifications(const json_t *run)
{
    return json_object_get(json_array_get(json_object_get(run, "invocations"), 0),
                           "toolExecutionNotifications");
}

static void expect_said(const json_t *run, const char *text)
{
    const json_t *list = notifications(run);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *message = json_object_get(json_array_get(list, i), "message");

        if (strstr(hdr_text(message, "text"), text) != NULL) {
            return;
        }
    }
    fail_msg("nothing says `%s'", text);
}

static void the_most_important_results_are_kept(void **state)
{
    json_t *findings = json_array();

    (void)state;
    for (size_t i = 0; i < RESULTS_MAX + 7; i++) {
        hdr_push(findings, finding_of(i));
    }

    json_t *run = run_of(findings, json_array());
    const json_t *results = json_object_get(run, "results");
    const json_t *last = json_array_get(results, RESULTS_MAX - 1);

    assert_int_equal(json_array_size(results), RESULTS_MAX);
    assert_int_equal(strtol(hdr_text(json_object_get(last, "properties"), "identity"), NULL, 16),
                     RESULTS_MAX - 1);
    expect_said(run, "no room: 7.");
    json_decref(run);
}

static json_t *place_of(size_t number)
{
    return json_pack("{s:s, s:s, s:i, s:s}", "function", "f", "file", "a.c", "line",
                     (int)number + 1, "text", "waits");
}

static void a_deadlock_of_very_many_has_places_that_the_message_links_to(void **state)
{
    json_t *finding = finding_of(0);
    json_t *places = json_array();

    (void)state;
    for (size_t i = 0; i < 2 * (size_t)LOCATIONS_MAX; i++) {
        hdr_push(places, place_of(i));
    }
    hdr_set(finding, "places", places);

    json_t *run = run_of(json_pack("[o]", finding), json_array());
    const json_t *result = json_array_get(json_object_get(run, "results"), 0);
    size_t count = json_array_size(json_object_get(result, "relatedLocations"));
    char link[16];

    assert_true(count > 0 && count < LOCATIONS_MAX);
    (void)snprintf(link, sizeof(link), "](%zu)", count);
    assert_non_null(strstr(hdr_text(json_object_get(result, "message"), "text"), link));
    (void)snprintf(link, sizeof(link), "](%zu)", count + 1);
    assert_null(strstr(hdr_text(json_object_get(result, "message"), "text"), link));
    json_decref(run);
}

/* One that has used all the room leaves the next ones none, but for their places. */
static void all_schedules_together_have_a_limit(void **state)
{
    const size_t rows_count = 4000;
    const size_t findings_count = STEPS_TOTAL_MAX / (2 * rows_count) + 2;
    json_t *findings = json_array();
    json_t *row = json_pack("{s:s, s:i, s:i, s:s, s:b}", "file", "a.c", "line", 1, "thread", 0,
                            "action", "read", "is_marked", 1);
    json_t *rows = json_array();

    (void)state;
    for (size_t i = 0; i < rows_count; i++) {
        hdr_push(rows, json_incref(row));
    }
    for (size_t i = 0; i < findings_count; i++) {
        json_t *finding = finding_of(i);

        hdr_set(finding, "rows", json_incref(rows));
        hdr_set(finding, "threads", json_pack("[{s:i, s:s}]", "id", 0, "name", "thread 0"));
        hdr_push(findings, finding);
    }
    json_decref(rows);
    json_decref(row);

    json_t *run = run_of(findings, json_array());
    const json_t *results = json_object_get(run, "results");

    assert_int_equal(json_array_size(results), findings_count);
    assert_true(hdr_has(json_array_get(results, 0), "codeFlows"));
    assert_false(hdr_has(json_array_get(results, findings_count - 1), "codeFlows"));
    expect_said(run, "that have no room: 4000.");
    json_decref(run);
}

/* A damaged record may have any numbers: none leads beyond what is there, or takes for ever. */
static void a_row_of_steps_that_are_not_there_has_no_values(void **state)
{
    json_t *finding = finding_of(0);
    json_t *row = json_pack("{s:s, s:i, s:i, s:s, s:b, s:I, s:I}", "file", "a.c", "line", 1,
                            "thread", 0, "action", "read", "is_marked", 1, "step", (json_int_t)1,
                            "steps", (json_int_t)1 << 60);

    (void)state;
    hdr_set(finding, "rows", json_pack("[o]", row));
    hdr_set(finding, "steps", json_pack("[{s:s}, {s:s}]", "read", "7", "read", "8"));
    hdr_set(finding, "threads", json_pack("[{s:i, s:s}]", "id", 0, "name", "thread 0"));

    json_t *run = run_of(json_pack("[o]", finding), json_array());
    const json_t *result = json_array_get(json_object_get(run, "results"), 0);
    const json_t *flow = json_array_get(json_object_get(result, "codeFlows"), 0);
    const json_t *thread = json_array_get(json_object_get(flow, "threadFlows"), 0);
    const json_t *step = json_array_get(json_object_get(thread, "locations"), 0);

    assert_non_null(step);
    assert_false(hdr_has(step, "state"));
    json_decref(run);
}

static void what_could_not_be_read_makes_the_run_unsuccessful(void **state)
{
    json_t *run = run_of(json_array(), json_array());
    const json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);

    (void)state;
    assert_false(hdr_is(invocation, "executionSuccessful"));
    expect_said(run, "could not be read: 3.");
    json_decref(run);
}

static void what_is_no_text_among_texts_is_none(void **state)
{
    json_t *finding = finding_of(0);

    (void)state;
    hdr_set(finding, "excerpts",
            json_pack("[{s:s, s:i, s:[n, i, s]}]", "file", "a.c", "first", 1, "text", 7, "f();"));

    json_t *run = run_of(json_pack("[o]", finding), json_pack("[{s:[n, {}]}]", "warnings"));
    const json_t *invocation = json_array_get(json_object_get(run, "invocations"), 1);

    assert_int_equal(json_array_size(json_object_get(invocation, "toolExecutionNotifications")), 2);
    json_decref(run);
}

/* GitHub refuses a whole file for one result without a location. */
static void a_finding_of_no_place_has_a_location(void **state)
{
    json_t *finding =
        json_pack("{s:s, s:s, s:n, s:n}", "identity", "a", "message", "m", "file", "line");
    json_t *run = run_of(json_pack("[o]", finding), json_array());
    const json_t *result = json_array_get(json_object_get(run, "results"), 0);
    const json_t *location = json_array_get(json_object_get(result, "locations"), 0);
    const json_t *physical = json_object_get(location, "physicalLocation");

    (void)state;
    assert_string_equal(hdr_text(json_object_get(physical, "artifactLocation"), "uri"), "unknown");
    assert_int_equal(hdr_number(json_object_get(physical, "region"), "startLine"), 1);
    json_decref(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_important_results_are_kept),
        cmocka_unit_test(a_deadlock_of_very_many_has_places_that_the_message_links_to),
        cmocka_unit_test(all_schedules_together_have_a_limit),
        cmocka_unit_test(a_row_of_steps_that_are_not_there_has_no_values),
        cmocka_unit_test(what_could_not_be_read_makes_the_run_unsuccessful),
        cmocka_unit_test(what_is_no_text_among_texts_is_none),
        cmocka_unit_test(a_finding_of_no_place_has_a_location),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
