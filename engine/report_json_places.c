/*
 * Report as JSON: places, threads, and the history of operations.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_json.h"

#include <stdio.h>
#include <string.h>

#include "engine/backtrace.h"
#include "engine/execution.h"
#include "engine/report_history.h"
#include "engine/report_rows.h"
#include "engine/report_words.h"

json_t *hde_json_source(struct hde_json *json, const struct hde_source *source)
{
    json_t *record = json_object();

    hde_json_set(json, record, "function", hde_json_string(source->function));
    hde_json_set(json, record, "file", hde_json_string(source->file));
    hde_json_set(json, record, "line", json_integer(source->line));
    return record;
}

json_t *hde_json_stack(struct hde_json *json, uint32_t context, uint32_t pc)
{
    struct hde_backtrace backtrace;
    json_t *stack = json_array();

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        hde_json_push(json, stack, hde_json_source(json, &backtrace.frames[i]));
    }
    return stack;
}

json_t *hde_json_memory(struct hde_json *json, uint64_t address, uint64_t size)
{
    struct hde_memory_name name;
    json_t *record;

    if (address == 0) {
        return json_null();
    }
    name = hde_memory_name(json->report->trace, address, size);
    record = json_object();
    hde_json_set(json, record, "name", hde_json_string(name.name));
    hde_json_set(json, record, "whereabouts",
                 name.whereabouts[0] == '\0' ? json_null() : hde_json_string(name.whereabouts));
    return record;
}

static json_t *line_text(const struct hde_deed *deed)
{
    struct hde_phrase line = hde_report_line(deed);

    return line.text[0] == '\0' ? json_null() : hde_json_string(line.text);
}

json_t *hde_json_lock(struct hde_json *json, const struct hde_trace_lock *lock)
{
    json_t *record = hde_json_memory(json, lock->address, 1);

    hde_json_set(json, record, "acquired", line_text(&lock->acquired));
    return record;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* Whether the thread holds a lock at `address`, alone or with others, as the execution ended. */
static bool holds(const struct hde_thread *thread, uint64_t address)
{
    uint32_t named = thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;

    for (uint32_t i = 0; i < named; i++) {
        if (thread->held[i]->address == address) {
            return true;
        }
    }
    return false;
}

static json_t *holders(struct hde_json *json, const struct hde_place *at)
{
    json_t *ids = json_array();

    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const struct hde_thread *thread = &hde_execution.threads[id];
        bool is_joined =
            at->event_kind == HDE_EVENT_JOIN && at->address == (uint64_t)(uintptr_t)thread;

        if (is_joined || holds(thread, at->address)) {
            hde_json_push(json, ids, json_integer(id));
        }
    }
    return ids;
}

static json_t *waits_for(struct hde_json *json, unsigned number)
{
    const struct hde_finding *finding = json->report->finding;
    const struct hde_place *place = &finding->places[number];
    json_t *record;

    if ((finding->kind != HD_DEADLOCK && finding->kind != HD_STARVATION &&
         finding->kind != HD_STALL) ||
        place->is_cause) {
        return json_null();
    }
    record = json_object();
    hde_json_set(json, record, "object", hde_json_memory(json, place->address, 1));
    hde_json_set(json, record, "held_by", holders(json, place));
    return record;
}

static json_t *place_record(struct hde_json *json, unsigned number)
{
    const struct hde_report *report = json->report;
    const struct hde_place *place = &report->finding->places[number];
    struct hde_source source = hde_finding_source(report->finding, number);
    struct hde_trace_lock lock;
    json_t *record = hde_json_source(json, &source);
    json_t *locks = json_array();

    (void)hde_json_line(json, &source); /* for its excerpt */
    for (unsigned i = 0; hde_report_held(report, number, i, &lock); i++) {
        hde_json_push(json, locks, hde_json_lock(json, &lock));
    }
    hde_json_set(json, record, "text", hde_json_string(hde_report_deed(report, number).text));
    hde_json_set(json, record, "thread", json_integer(place->thread));
    hde_json_set(json, record, "event", hde_json_string(hde_event_name(place->event_kind)));
    hde_json_set(json, record, "size", json_integer(place->size));
    hde_json_set(json, record, "is_cause", json_boolean(place->is_cause));
    hde_json_set(json, record, "object", hde_json_memory(json, place->address, place->size));
    hde_json_set(json, record, "stack", hde_json_stack(json, place->context, place->pc));
    hde_json_set(json, record, "locks", locks);
    hde_json_set(json, record, "step", hde_json_step_index(json, hde_report_step(report, number)));
    hde_json_set(json, record, "waits_for", waits_for(json, number));
    return record;
}

json_t *hde_json_places(struct hde_json *json)
{
    json_t *places = json_array();

    for (unsigned i = 0; i < json->report->finding->places_count; i++) {
        hde_json_push(json, places, place_record(json, i));
    }
    return places;
}

/* ---- Threads --------------------------------------------------------------------------------- */

/* What the thread runs, as its first step in the program knows; its start is its creator's code. */
static json_t *function_of(const struct hde_report *report, unsigned thread)
{
    for (size_t i = 0; i < report->trace->count; i++) {
        const struct hde_trace_step *step = &report->trace->steps[i];
        const char *function;

        if (step->thread != thread || step->event.kind == HDE_EVENT_START) {
            continue;
        }
        function = hde_report_outermost(step->context, step->event.pc);
        if (strcmp(function, "?") != 0) {
            return hde_json_string(function);
        }
    }
    return json_null();
}

static json_t *thread_record(struct hde_json *json, unsigned id)
{
    const struct hde_thread *thread = &hde_execution.threads[id];
    struct hde_deed created = id == 0 ? (struct hde_deed){.pc = 0} : thread->created;
    bool is_created = !thread->is_of_engine && hde_report_line(&created).text[0] != '\0';
    struct hde_set others = hde_report_others(json->report->finding);
    struct hde_place at = hde_thread_place(thread);
    json_t *record = json_object();
    char name[16];

    (void)snprintf(name, sizeof(name), "thread %u", id);
    hde_json_set(json, record, "id", json_integer(id));
    hde_json_set(json, record, "name", hde_json_string(name));
    hde_json_set(json, record, "function", function_of(json->report, id));
    hde_json_set(json, record, "created_by",
                 is_created ? json_integer(created.thread) : json_null());
    hde_json_set(json, record, "created_at", is_created ? line_text(&created) : json_null());
    hde_json_set(json, record, "ended", json_boolean(thread->has_ended));
    hde_json_set(json, record, "stack",
                 hde_set_has(&others, id) ? hde_json_stack(json, at.context, at.pc) : json_null());
    return record;
}

json_t *hde_json_threads(struct hde_json *json)
{
    json_t *threads = json_array();

    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        hde_json_push(json, threads, thread_record(json, id));
    }
    return threads;
}

/* ---- History --------------------------------------------------------------------------------- */

static json_t *moment(uint32_t moment)
{
    return moment == HDE_NEVER ? json_null() : json_integer(moment);
}

static json_t *operation_record(struct hde_json *json, const struct hde_history_row *row)
{
    json_t *record = json_object();
    char text[HDE_OPERATION_TEXT_MAX];

    hde_contract_text(row->number, text);
    hde_json_set(json, record, "text", hde_json_string(text));
    hde_json_set(json, record, "thread",
                 json_integer(hde_histories.operations[row->number].operation.thread));
    hde_json_set(json, record, "called", moment(row->called));
    hde_json_set(json, record, "returned", moment(row->returned));
    hde_json_set(json, record, "takes_effect", moment(row->takes_effect));
    hde_json_set(json, record, "is_blamed", json_boolean(row->is_blamed));
    return record;
}

json_t *hde_json_history(struct hde_json *json)
{
    struct hde_history_rows rows;
    json_t *history;

    if (!hde_report_history_take(&rows, json->report->finding)) {
        return json_null();
    }
    history = json_array();
    for (uint32_t i = 0; i < rows.count; i++) {
        hde_json_push(json, history, operation_record(json, &rows.rows[i]));
    }
    return history;
}
