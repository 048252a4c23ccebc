/*
 * SARIF, code flows: a step is a row of the record, as a reader wants them: what one thread does at
 * one line while no other one does anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif_flow.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "ci/report/sarif_location.h"

/* What happens to what, in SARIF's words (3.38.8): for viewers that draw it. */
static const struct {
    const char *event;
    const char *kinds[2];
} event_kinds[] = {
    {"lock", {"acquire", "lock"}},           {"trylock", {"acquire", "lock"}},
    {"unlock", {"release", "lock"}},         {"shared_lock", {"acquire", "lock"}},
    {"shared_trylock", {"acquire", "lock"}}, {"shared_unlock", {"release", "lock"}},
    {"semaphore_wait", {"acquire", "lock"}}, {"semaphore_post", {"release", "lock"}},
    {"allocate", {"acquire", "memory"}},     {"free", {"release", "memory"}},
    {"create", {"call", "resource"}},        {"initialize", {"acquire", "resource"}},
    {"destroy", {"release", "resource"}},
};

#define EVENT_KINDS (sizeof(event_kinds) / sizeof(event_kinds[0]))

/* A row with what belongs to it. */
struct row {
    const json_t *finding;
    const json_t *json;
    const json_t *steps; /* of the finding */
    size_t first;        /* of its steps */
    size_t last;         /* one behind; equal to `first`: there are none */
    size_t order;        /* its place in the schedule, from 1 */
    bool is_switch;      /* another thread's than the row before */
};

static struct row row_of(const json_t *finding, size_t index)
{
    const json_t *rows = hdr_list(finding, "rows");
    const json_t *json = json_array_get(rows, index);
    struct row row = {
        .finding = finding,
        .json = json,
        .steps = hdr_list(finding, "steps"),
        .order = index + 1,
        .is_switch = index == 0 || hdr_number(json, "thread") !=
                                       hdr_number(json_array_get(rows, index - 1), "thread"),
    };

    if (hdr_has(json, "step") && hdr_number(json, "step") >= 0 && hdr_number(json, "steps") > 0) {
        row.first = (size_t)hdr_number(json, "step");
        row.last = row.first + (size_t)hdr_number(json, "steps");
    }
    if (row.last > json_array_size(row.steps) || row.last < row.first) {
        row.last = row.first;
    }
    return row;
}

/* ---- What a row says ------------------------------------------------------------------------- */

static const char *name_of_thread(const json_t *finding, json_int_t id)
{
    const json_t *threads = hdr_list(finding, "threads");

    for (size_t i = 0; i < json_array_size(threads); i++) {
        const json_t *thread = json_array_get(threads, i);

        if (hdr_number(thread, "id") == id) {
            return hdr_text(thread, "name");
        }
    }
    return "a thread";
}

/* What a step left there, and what was there if it did both: "9 -> 10". */
static void put_value(FILE *stream, const json_t *step)
{
    const char *read = hdr_text(step, "read");
    const char *written = hdr_text(step, "written");

    hdr_sarif_put(stream, read);
    (void)fputs(read[0] != '\0' && written[0] != '\0' ? " -> " : "", stream);
    hdr_sarif_put(stream, written);
}

/* "state.counter: 0, then 1" */
static void put_values(FILE *stream, const struct row *row)
{
    const char *before = ": ";

    for (size_t i = row->first; i < row->last; i++) {
        const json_t *step = json_array_get(row->steps, i);

        if (hdr_has(step, "read") || hdr_has(step, "written")) {
            (void)fputs(before, stream);
            put_value(stream, step);
            before = ", then ";
        }
    }
}

/* What the row says of itself; else the name of its event, "shared_lock"; else its code. */
static void put_action(FILE *stream, const json_t *row)
{
    if (hdr_text(row, "action")[0] != '\0') {
        hdr_sarif_put(stream, hdr_text(row, "action"));
        return;
    }
    if (!hdr_has(row, "event")) {
        hdr_sarif_put(stream, hdr_text(row, "code"));
        return;
    }
    for (const char *name = hdr_text(row, "event"); *name != '\0'; name++) {
        (void)fputc(*name == '_' ? ' ' : *name, stream);
    }
}

/* "thread 1: read, write (state.counter: 0, then 1)" */
static json_t *message_of(const struct row *row)
{
    const char *object = hdr_text(json_object_get(row->json, "object"), "name");
    json_int_t left_out = hdr_number(row->json, "left_out_before");
    json_t *message = json_object();
    struct hdr_phrase phrase;

    hdr_phrase_begin(&phrase);
    hdr_sarif_put(phrase.stream, name_of_thread(row->finding, hdr_number(row->json, "thread")));
    (void)fputs(": ", phrase.stream);
    put_action(phrase.stream, row->json);
    if (object[0] != '\0') {
        (void)fputs(" (", phrase.stream);
        hdr_sarif_put(phrase.stream, object);
        put_values(phrase.stream, row);
        (void)fputs(")", phrase.stream);
    }
    if (hdr_number(row->json, "times") > 1) {
        (void)fprintf(phrase.stream, ", %lld times", (long long)hdr_number(row->json, "times"));
    }
    if (left_out > 0) {
        (void)fprintf(phrase.stream, "; %lld lines before it do not matter", (long long)left_out);
    }
    hdr_set(message, "text", hdr_phrase_end(&phrase));
    return message;
}

static json_t *plain(const char *text)
{
    json_t *message = json_object();

    hdr_set(message, "text", hdr_string(text));
    return message;
}

/* What its steps read and wrote, by the object's name, and the locks that its thread holds. */
static json_t *state_of(const struct row *row)
{
    const json_t *objects = hdr_list(row->finding, "objects");
    const json_t *locks = hdr_list(row->json, "locks");
    json_t *state = json_object();

    for (size_t i = row->first; i < row->last; i++) {
        const json_t *step = json_array_get(row->steps, i);
        const char *value = hdr_text(step, hdr_has(step, "written") ? "written" : "read");
        const char *name =
            hdr_has(step, "object")
                ? hdr_text(json_array_get(objects, (size_t)hdr_number(step, "object")), "name")
                : "";

        if (value[0] != '\0' && name[0] != '\0') {
            hdr_set(state, name, plain(value));
        }
    }
    for (size_t i = 0; i < json_array_size(locks); i++) {
        const json_t *lock = json_array_get(locks, i);

        hdr_set(state, hdr_text(lock, "name"), plain("held"));
    }
    return state;
}

static const char *importance_of(const struct row *row)
{
    if (hdr_is(row->json, "is_marked")) {
        return "essential";
    }
    return row->is_switch || json_object_size(json_object_get(row->json, "object")) == 0
               ? "important"
               : "unimportant";
}

static json_t *kinds_of(const char *event)
{
    json_t *kinds = NULL;

    for (size_t i = 0; i < EVENT_KINDS && kinds == NULL; i++) {
        if (strcmp(event_kinds[i].event, event) == 0) {
            kinds = json_array();
            hdr_push(kinds, hdr_string(event_kinds[i].kinds[0]));
            hdr_push(kinds, hdr_string(event_kinds[i].kinds[1]));
        }
    }
    return kinds;
}

/* How deep in calls it is. */
static json_int_t nesting_of(const struct row *row)
{
    const json_t *step = row->first < row->last ? json_array_get(row->steps, row->first) : NULL;
    size_t depth = json_array_size(hdr_list(step, "stack"));

    return depth == 0 ? 0 : (json_int_t)depth - 1;
}

static json_t *location_of(const struct row *row)
{
    json_t *location = json_object();
    json_t *state = state_of(row);
    json_t *kinds = kinds_of(hdr_text(row->json, "event"));

    hdr_set(location, "location",
            hdr_sarif_location(row->finding, row->json, HDR_SARIF_LINE, message_of(row)));
    if (json_object_size(state) > 0) {
        hdr_set(location, "state", json_incref(state));
    }
    json_decref(state);
    if (kinds != NULL) {
        hdr_set(location, "kinds", kinds);
    }
    hdr_set(location, "nestingLevel", json_integer(nesting_of(row)));
    hdr_set(location, "executionOrder", json_integer((json_int_t)row->order));
    hdr_set(location, "importance", hdr_string(importance_of(row)));
    return location;
}

/* ---- Flows ----------------------------------------------------------------------------------- */

static json_t *flow_of(const char *id, json_t *message)
{
    json_t *flow = json_object();

    hdr_set(flow, "id", hdr_string(id));
    hdr_set(flow, "message", message);
    hdr_set(flow, "locations", json_array());
    return flow;
}

/* "thread 1: increment, created at server.c:13" */
static json_t *message_of_thread(const json_t *thread)
{
    json_t *message = json_object();
    struct hdr_phrase phrase;

    hdr_phrase_begin(&phrase);
    hdr_sarif_put(phrase.stream, hdr_text(thread, "name"));
    if (hdr_has(thread, "function")) {
        (void)fputs(": ", phrase.stream);
        hdr_sarif_put(phrase.stream, hdr_text(thread, "function"));
    }
    if (hdr_has(thread, "created_at")) {
        (void)fputs(", created at ", phrase.stream);
        hdr_sarif_put(phrase.stream, hdr_text(thread, "created_at"));
    }
    hdr_set(message, "text", hdr_phrase_end(&phrase));
    return message;
}

static json_t *code_flow(const char *text, json_t *flows)
{
    json_t *code = json_object();

    hdr_set(code, "message", hdr_sarif_message(text));
    hdr_set(code, "threadFlows", flows);
    return code;
}

/* Marks, from the end, rows that are marked in the record, or all others; returns how many. */
static size_t choose_marked(const json_t *rows, bool is_marked, size_t most, json_t *is_shown)
{
    size_t shown = 0;

    for (size_t i = json_array_size(rows); i-- > 0 && shown < most;) {
        if (hdr_is(json_array_get(rows, i), "is_marked") == is_marked) {
            (void)json_array_set_new(is_shown, i, json_true());
            shown++;
        }
    }
    return shown;
}

/* What is shown: all that has part in the finding, and of the rest what comes last. */
static size_t choose(const json_t *rows, size_t most, json_t *is_shown)
{
    size_t shown = choose_marked(rows, true, most, is_shown);

    return shown + choose_marked(rows, false, most - shown, is_shown);
}

static json_t *marks(size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        hdr_push(list, json_false());
    }
    return list;
}

/* The flows of threads that are in no row are left out. */
static json_t *used_flows(json_t *flows)
{
    json_t *used = json_array();

    for (size_t i = 0; i < json_array_size(flows); i++) {
        json_t *flow = json_array_get(flows, i);

        if (json_array_size(hdr_list(flow, "locations")) > 0) {
            hdr_push(used, json_incref(flow));
        }
    }
    json_decref(flows);
    return used;
}

static json_t *flows_of_threads(const json_t *finding)
{
    const json_t *threads = hdr_list(finding, "threads");
    json_t *flows = json_array();

    for (size_t i = 0; i < json_array_size(threads); i++) {
        const json_t *thread = json_array_get(threads, i);

        hdr_push(flows, flow_of(hdr_text(thread, "name"), message_of_thread(thread)));
    }
    return flows;
}

static void add_to_thread(const json_t *finding, json_t *flows, json_int_t id, json_t *location)
{
    const json_t *threads = hdr_list(finding, "threads");

    for (size_t i = 0; i < json_array_size(threads); i++) {
        if (hdr_number(json_array_get(threads, i), "id") == id) {
            hdr_push(json_object_get(json_array_get(flows, i), "locations"), location);
            return;
        }
    }
    json_decref(location);
}

json_t *hdr_sarif_flows(const json_t *finding, size_t budget, size_t *left_out)
{
    const json_t *rows = hdr_list(finding, "rows");
    size_t count = json_array_size(rows);
    json_t *is_shown = marks(count);
    size_t shown = choose(rows, budget / 2, is_shown);
    json_t *merged = flow_of("schedule", hdr_sarif_message("all threads, in the order they ran"));
    json_t *threads = flows_of_threads(finding);
    json_t *flows = json_array();

    *left_out = count - shown;
    for (size_t i = 0; i < count; i++) {
        if (json_is_true(json_array_get(is_shown, i))) {
            struct row row = row_of(finding, i);
            json_t *location = location_of(&row);

            add_to_thread(finding, threads, hdr_number(row.json, "thread"), json_incref(location));
            hdr_push(json_object_get(merged, "locations"), location);
        }
    }
    json_decref(is_shown);
    threads = used_flows(threads);
    if (shown == 0 || json_array_size(threads) == 0) {
        json_decref(flows);
        json_decref(merged);
        json_decref(threads);
        return NULL;
    }
    hdr_push(flows, code_flow("the schedule", json_pack("[o]", merged)));
    hdr_push(flows, code_flow("the same, thread by thread", threads));
    return flows;
}
