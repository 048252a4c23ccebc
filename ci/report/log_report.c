/*
 * Report: building the record.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/log_frame.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

/* A stack that is longer is recursion, or no stack. */
#define FRAMES_MAX 512

/* The text that is kept of a report. */
#define TEXT_MAX ((size_t)65536)

void hdr_names_begin(struct hdr_log_names *names)
{
    *names = (struct hdr_log_names){.threads = json_array(), .locks = json_object()};
}

void hdr_names_release(struct hdr_log_names *names)
{
    json_decref(names->threads);
    json_decref(names->locks);
    json_decref(names->program);
    *names = (struct hdr_log_names){.threads = NULL};
}

void hdr_report_begin(struct hdr_log_report *report,
                      const struct hdr_log *log,
                      struct hdr_log_names *names,
                      size_t line)
{
    static const char *const keys[] = {
        "kind",       "class",       "message",  "function", "file",       "line",
        "program",    "flavour",     "model",    "build_id", "strategy",   "seed",
        "executions", "preemptions", "schedule", "replay",   "noticed_by", "sanitizer",
        "is_owed",    "test",        "is_whole", NULL};

    *report =
        (struct hdr_log_report){.log = log, .names = names, .record = json_object(), .line = line};
    hdr_set(report->record, "format", json_integer(HDR_FORMAT_VERSION));
    hdr_set(report->record, "record", hdr_string("finding"));
    hdr_set(report->record, "identity", hdr_string(""));
    for (size_t i = 0; keys[i] != NULL; i++) {
        hdr_set(report->record, keys[i], json_null());
    }
    hdr_set(report->record, "places", json_array());
    hdr_set(report->record, "threads", json_array());
    hdr_set(report->record, "history", json_null());
    hdr_set(report->record, "lines", json_array());
    hdr_set(report->record, "objects", json_array());
    hdr_set(report->record, "rows", json_array());
    hdr_set(report->record, "steps", json_array());
    hdr_set(report->record, "steps_left_out", json_integer(0));
    hdr_set(report->record, "excerpts", json_array());
}

/* ---- What a syntax says ---------------------------------------------------------------------- */

void hdr_report_is(struct hdr_log_report *report, const char *kind, const char *class)
{
    hdr_set(report->record, "kind", hdr_string(kind));
    hdr_set(report->record, "class", class == NULL ? json_null() : hdr_string(class));
}

void hdr_report_message(struct hdr_log_report *report, json_t *message)
{
    hdr_set(report->record, "message", message);
}

/* Frames go to the stack that is value of `key', which is emptied. */
static void open_stack(struct hdr_log_report *report, json_t *owner, const char *key)
{
    report->stack = json_array();
    report->next = 0;
    hdr_set(owner, key, report->stack);
}

static json_t *find_thread(const struct hdr_log_names *names, json_int_t id)
{
    json_t *thread;
    size_t i;

    json_array_foreach(names->threads, i, thread)
    {
        if (hdr_number(thread, "id") == id) {
            return thread;
        }
    }
    return NULL;
}

/* Valgrind numbers threads from 1, and so has names for them. */
static json_t *thread_name(const struct hdr_log *log, json_int_t id)
{
    if (id == 0) {
        return hdr_string("main thread");
    }
    return log->has_process ? hdr_phrase_of("thread #%d", (int)id + 1)
                            : hdr_phrase_of("thread T%d", (int)id);
}

static json_t *need_thread(struct hdr_log_report *report, json_int_t id)
{
    json_t *thread = find_thread(report->names, id);

    if (thread != NULL) {
        return thread;
    }
    thread = json_object();
    hdr_set(thread, "id", json_integer(id));
    hdr_set(thread, "name", thread_name(report->log, id));
    hdr_set(thread, "function", json_null());
    hdr_set(thread, "created_by", json_null());
    hdr_set(thread, "created_at", json_null());
    hdr_set(thread, "ended", json_null());
    hdr_set(thread, "stack", json_null());
    hdr_push(report->names->threads, thread);
    return thread;
}

json_int_t hdr_report_thread(struct hdr_log_report *report, struct hdr_capture name)
{
    size_t from = 0;

    while (from < name.length && (name.text[from] < '0' || name.text[from] > '9')) {
        from++;
    }

    bool is_main = memmem(name.text, name.length, "main", 4) != NULL;
    struct hdr_capture digits = {name.text + from, 0};

    while (from + digits.length < name.length &&
           strchr("0123456789", digits.text[digits.length]) != NULL) {
        digits.length++;
    }
    if (!is_main && (digits.length == 0 || digits.length > 6)) {
        return HDR_THREAD_UNKNOWN;
    }

    json_int_t number = is_main ? 0 : (json_int_t)hdr_capture_number(digits);

    number -= report->log->has_process && !is_main && number > 0 ? 1 : 0;
    (void)need_thread(report, number);
    return number;
}

static json_t *id_or_null(json_int_t thread)
{
    return thread == HDR_THREAD_UNKNOWN ? json_null() : json_integer(thread);
}

void hdr_report_created(struct hdr_log_report *report, json_int_t thread, json_int_t creator)
{
    report->stack = NULL;
    if (thread != HDR_THREAD_UNKNOWN) {
        json_t *entry = need_thread(report, thread);

        hdr_set(entry, "created_by", id_or_null(creator));
        open_stack(report, entry, "created_stack");
    }
}

static json_t *add_place(
    struct hdr_log_report *report, const char *event, json_int_t thread, size_t size, bool is_cause)
{
    json_t *place = json_object();

    hdr_set(place, "function", hdr_string("?"));
    hdr_set(place, "file", hdr_string("?"));
    hdr_set(place, "line", json_integer(0));
    hdr_set(place, "text", json_null());
    hdr_set(place, "thread", id_or_null(thread));
    hdr_set(place, "event", event == NULL ? json_null() : hdr_string(event));
    hdr_set(place, "size", json_integer((json_int_t)(size & INT32_MAX)));
    hdr_set(place, "is_cause", json_boolean(is_cause));
    hdr_set(place, "object", json_null());
    hdr_set(place, "stack", json_array());
    hdr_set(place, "locks", json_array());
    hdr_set(place, "step", json_null());
    hdr_set(place, "waits_for", json_null());
    hdr_push(json_object_get(report->record, "places"), place);
    open_stack(report, place, "stack");
    return place;
}

json_t *
hdr_report_place(struct hdr_log_report *report, const char *event, json_int_t thread, size_t size)
{
    return add_place(report, event, thread, size, false);
}

json_t *hdr_report_cause(struct hdr_log_report *report, const char *event, json_int_t thread)
{
    return add_place(report, event, thread, 0, true);
}

void hdr_report_text(json_t *place, json_t *text) { hdr_set(place, "text", text); }

void hdr_report_hold(json_t *place, const char *lock, const char *how)
{
    json_t *held = json_object();

    hdr_set(held, "name", hdr_string(lock));
    hdr_set(held, "whereabouts", how == NULL ? json_null() : hdr_string(how));
    hdr_set(held, "acquired", json_null());
    hdr_push(json_object_get(place, "locks"), held);
}

void hdr_report_want(json_t *place, const char *lock)
{
    json_t *object = json_object();

    hdr_set(object, "name", hdr_string(lock));
    hdr_set(object, "whereabouts", json_null());
    hdr_set(place, "object", object);
}

void hdr_report_lock(struct hdr_log_report *report, const char *lock)
{
    json_t *name = hdr_string(lock); /* places have it like this, too */
    json_t *entry = json_object_get(report->names->locks, json_string_value(name));

    if (entry == NULL) {
        entry = json_object();
        hdr_set(entry, "name", json_null());
        hdr_set(report->names->locks, json_string_value(name), entry);
    }
    json_decref(name);
    open_stack(report, entry, "stack");
}

bool hdr_report_name_lock(struct hdr_log_report *report, const char *lock, struct hdr_capture name)
{
    json_t *entry = json_object_get(report->names->locks, lock);

    if (entry != NULL) {
        hdr_set(entry, "name", hdr_capture_string(name));
    }
    return entry != NULL;
}

void hdr_report_stack_is_lost(struct hdr_log_report *report)
{
    report->stack = NULL;
    report->has_lost = true;
}

json_t *hdr_report_last(const struct hdr_log_report *report)
{
    const json_t *places = hdr_list(report->record, "places");

    for (size_t i = json_array_size(places); i > 0; i--) {
        json_t *place = json_array_get(places, i - 1);

        if (!hdr_is(place, "is_cause")) {
            return place;
        }
    }
    return NULL;
}

void hdr_report_object(struct hdr_log_report *report, json_t *name, json_t *whereabouts)
{
    json_decref(report->object);
    report->object = json_object();
    hdr_set(report->object, "name", name);
    hdr_set(report->object, "whereabouts", whereabouts);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

void hdr_report_frame(struct hdr_log_report *report, json_t *frame, size_t number)
{
    if (report->stack != NULL && number == 0 && report->next > 0) {
        report->stack = NULL; /* of something that this syntax does not know */
    }
    if (report->stack == NULL || json_array_size(report->stack) == FRAMES_MAX) {
        json_decref(frame);
        return;
    }
    if (number != HDR_FRAME_NEXT) {
        report->has_gap |= number != report->next;
        report->next = number;
    }
    report->next++;
    hdr_push(report->stack, frame);
}

void hdr_report_line(struct hdr_log_report *report, const char *line)
{
    size_t length = strlen(line);

    if (report->text_size + length + 2 > TEXT_MAX) {
        return;
    }

    char *text = realloc(report->text, report->text_size + length + 2);

    if (text == NULL) {
        hde_fatal("no memory for a report");
    }
    (void)snprintf(text + report->text_size, length + 2, "%s\n", line);
    report->text = text;
    report->text_size += length + 1;
}

bool hdr_report_has_kind(const struct hdr_log_report *report)
{
    return hdr_has(report->record, "kind");
}

bool hdr_report_has_place(const struct hdr_log_report *report)
{
    return json_array_size(hdr_list(report->record, "places")) > 0;
}

bool hdr_report_is_whole(const struct hdr_log_report *report)
{
    const json_t *place;
    size_t i;

    if (!report->is_whole || report->has_gap) {
        return false;
    }
    json_array_foreach(hdr_list(report->record, "places"), i, place)
    {
        bool has_stack = json_array_size(hdr_list(place, "stack")) > 0;

        if (!has_stack && !hdr_is(place, "is_cause") && !report->has_lost &&
            !report->log->is_whole_at_once) {
            return false;
        }
    }
    return true;
}

bool hdr_report_has_stack(const struct hdr_log_report *report)
{
    return json_array_size(hdr_list(hdr_report_last(report), "stack")) > 0;
}

void hdr_report_release(struct hdr_log_report *report)
{
    json_decref(report->record);
    json_decref(report->object);
    free(report->text);
    *report = (struct hdr_log_report){.log = NULL};
}
