/*
 * SARIF: the log and its run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif.h"

#include <stddef.h>
#include <stdio.h>

#include "ci/report/fingerprint.h"
#include "ci/report/importance.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "ci/report/sarif_flow.h"
#include "ci/report/sarif_location.h"
#include "ci/report/sarif_result.h"
#include "ci/report/sarif_rule.h"

#define RESULTS_MAX 25000U
#define STEPS_MAX 10000U /* of a result */

/* Of all results: so many make a file of about 45 MB, or 1 MB compressed. */
#define STEPS_TOTAL_MAX 50000U

/* One run, while it is made. */
struct run {
    const struct hdr_collection *collection;
    json_t *rules;
    json_t *results;
    json_t *notifications;
    size_t steps_left; /* that there is room for */
    size_t results_left_out;
    size_t suppressed; /* left out, as the file is not for them */
    bool with_suppressed;
};

static json_t *reference(const char *id)
{
    json_t *descriptor = json_object();

    hdr_set(descriptor, "id", hdr_string(id));
    return descriptor;
}

/* ---- Notifications --------------------------------------------------------------------------- */

static const struct {
    const char *id;
    const char *text;
} notification_kinds[] = {
    {"left-out", "Something had no room in this file, or is not for its readers."},
    {"unreadable", "A record or a part of a log could not be read."},
    {"warning", "A run warned of something that it does not see."},
    {"note", "Something that may be worth a look, and was not seen to go wrong."},
};

#define NOTIFICATION_KINDS (sizeof(notification_kinds) / sizeof(notification_kinds[0]))

static json_t *notification_descriptors(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < NOTIFICATION_KINDS; i++) {
        json_t *descriptor = reference(notification_kinds[i].id);

        hdr_set(descriptor, "shortDescription", hdr_sarif_message(notification_kinds[i].text));
        hdr_set(descriptor, "fullDescription", hdr_sarif_message(notification_kinds[i].text));
        hdr_set(descriptor, "help", hdr_sarif_message(notification_kinds[i].text));
        hdr_push(list, descriptor);
    }
    return list;
}

static json_t *notification(const char *id, const char *level, const char *text)
{
    json_t *object = json_object();

    hdr_set(object, "descriptor", reference(id));
    hdr_set(object, "level", hdr_string(level));
    hdr_set(object, "message", hdr_sarif_message(text));
    return object;
}

static void notify_count(struct run *run, const char *id, size_t count, const char *what)
{
    char text[256];

    if (count > 0) {
        (void)snprintf(text, sizeof(text), "%s: %zu.", what, count);
        hdr_push(run->notifications, notification(id, "warning", text));
    }
}

/* Circles of locks that no execution reached. */
static void add_notes(struct run *run)
{
    const json_t *notes = run->collection->notes;

    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        const json_t *at = hdr_list(note, "at");
        struct hdr_phrase phrase;

        hdr_phrase_begin(&phrase);
        (void)fprintf(phrase.stream, "%s: %s", hdr_text(note, "program"),
                      hdr_text(note, "message"));
        for (size_t j = 0; j < json_array_size(at); j++) {
            const json_t *threads = json_array_get(at, j);

            (void)fprintf(phrase.stream, "%s thread %lld acquires at %s while holding from %s",
                          j == 0 ? ":" : ",", (long long)hdr_number(threads, "thread"),
                          hdr_text(json_object_get(threads, "wanted"), "place"),
                          hdr_text(json_object_get(threads, "held"), "place"));
        }
        (void)fputs(".", phrase.stream);

        json_t *text = hdr_phrase_end(&phrase);

        hdr_push(run->notifications, notification("note", "note", json_string_value(text)));
        json_decref(text);
    }
}

/* ---- Invocations ----------------------------------------------------------------------------- */

static json_t *invocation_of(const json_t *record)
{
    static const char *const keys[] = {"program", "flavour",    "model",       "strategy",
                                       "verdict", "conclusion", "is_complete", "executions"};
    const json_t *warnings = hdr_list(record, "warnings");
    json_t *invocation = json_object();
    json_t *properties = json_object();
    json_t *notifications = json_array();

    hdr_set(invocation, "executionSuccessful", json_true());
    hdr_set(invocation, "commandLine", hdr_string(hdr_text(record, "command")));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (hdr_has(record, keys[i])) {
            hdr_set(properties, keys[i], json_incref(json_object_get(record, keys[i])));
        }
    }
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        hdr_push(notifications, notification("warning", "warning", hdr_text_at(warnings, i)));
    }
    hdr_set(invocation, "toolExecutionNotifications", notifications);
    hdr_set(invocation, "properties", properties);
    return invocation;
}

/* The first is the making of this file; the others are the runs that it tells of. */
static json_t *invocations(struct run *run)
{
    json_t *list = json_array();
    json_t *first = json_object();

    hdr_set(first, "executionSuccessful", json_boolean(run->collection->damaged == 0));
    hdr_set(first, "toolExecutionNotifications", json_incref(run->notifications));
    hdr_push(list, first);
    for (size_t i = 0; i < json_array_size(run->collection->runs); i++) {
        hdr_push(list, invocation_of(json_array_get(run->collection->runs, i)));
    }
    return list;
}

/* ---- Results --------------------------------------------------------------------------------- */

static void add_flows(struct run *run, json_t *result, const json_t *finding)
{
    size_t budget = run->steps_left < STEPS_MAX ? run->steps_left : STEPS_MAX;
    size_t left_out;
    json_t *flows = hdr_sarif_flows(finding, budget, &left_out);
    char text[160];

    if (left_out > 0) {
        (void)snprintf(text, sizeof(text), "Lines of the schedule of %s that have no room: %zu.",
                       hdr_text(finding, "identity"), left_out);
        hdr_push(run->notifications, notification("left-out", "warning", text));
    }
    if (flows != NULL) {
        size_t used = 2 * (json_array_size(hdr_list(finding, "rows")) - left_out);

        run->steps_left -= used < run->steps_left ? used : run->steps_left;
        hdr_set(result, "codeFlows", flows);
    }
}

static void add_result(struct run *run, const json_t *finding, const char *fingerprint)
{
    if (!run->with_suppressed && !hdr_importance_is_open(finding)) {
        run->suppressed++;
        return;
    }
    if (json_array_size(run->results) >= RESULTS_MAX) {
        run->results_left_out++;
        return;
    }

    json_t *result = hdr_sarif_result(finding, fingerprint);
    size_t rule = hdr_sarif_rule(run->rules, finding);

    hdr_set(result, "ruleId", json_incref(json_object_get(json_array_get(run->rules, rule), "id")));
    hdr_set(result, "ruleIndex", json_integer((json_int_t)rule));
    add_flows(run, result, finding);
    hdr_push(run->results, result);
}

static void add_results(struct run *run)
{
    const json_t *findings = run->collection->findings;
    json_t *fingerprints = hdr_fingerprints(findings);

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);

        add_result(run, finding, hdr_text(fingerprints, hdr_text(finding, "identity")));
    }
    json_decref(fingerprints);
    notify_count(run, "left-out", run->results_left_out,
                 "Less important findings that have no room");
    notify_count(run, "left-out", run->suppressed, "Findings that are owed or suppressed");
    notify_count(run, "unreadable", run->collection->damaged,
                 "Files or reports that could not be read");
    add_notes(run);
}

/* ---- The log --------------------------------------------------------------------------------- */

static json_t *tool(struct run *run)
{
    json_t *object = json_object();
    json_t *driver = json_object();

    hdr_set(driver, "name", hdr_string("Heddle"));
    hdr_set(driver, "version", hdr_string(HDR_VERSION));
    hdr_set(driver, "semanticVersion", hdr_string(HDR_VERSION));
    hdr_set(driver, "rules", json_incref(run->rules));
    hdr_set(driver, "notifications", notification_descriptors());
    hdr_set(object, "driver", driver);
    return object;
}

static json_t *bases(void)
{
    json_t *object = json_object();
    json_t *base = json_object();

    hdr_set(base, "description", hdr_sarif_message("The root of the source tree."));
    hdr_set(object, HDR_SARIF_ROOT, base);
    return object;
}

static json_t *log_of(struct run *run)
{
    json_t *log = json_object();
    json_t *object = json_object();

    add_results(run);
    hdr_set(object, "tool", tool(run));
    hdr_set(object, "invocations", invocations(run));
    hdr_set(object, "originalUriBaseIds", bases());
    hdr_set(object, "columnKind", hdr_string("utf16CodeUnits"));
    hdr_set(object, "results", json_incref(run->results));
    hdr_set(log, "$schema", hdr_string("https://json.schemastore.org/sarif-2.1.0.json"));
    hdr_set(log, "version", hdr_string("2.1.0"));
    hdr_set(log, "runs", json_array());
    hdr_push(json_object_get(log, "runs"), object);
    return log;
}

bool hdr_sarif_write(const struct hdr_collection *collection,
                     const struct hdr_output *output,
                     const char *name,
                     bool with_suppressed)
{
    struct run run = {
        .collection = collection,
        .rules = json_array(),
        .results = json_array(),
        .notifications = json_array(),
        .steps_left = STEPS_TOTAL_MAX,
        .with_suppressed = with_suppressed,
    };
    struct hdr_file file;

    if (!hdr_file_open(&file, output, name)) {
        return false;
    }

    json_t *log = log_of(&run);

    (void)json_dumpf(log, file.stream, JSON_INDENT(1));
    (void)fputc('\n', file.stream);
    json_decref(log);
    json_decref(run.rules);
    json_decref(run.results);
    json_decref(run.notifications);
    return hdr_file_close(&file);
}
