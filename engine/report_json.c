/*
 * Report as JSON: the record of a finding that other writers read.
 *
 * Names are those of the text; what is not known is null. Order of keys is fixed, so that equal
 * findings have equal records.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report.h"

#include <string.h>

#include <jansson.h>

#include "engine/backtrace.h"
#include "engine/execution.h"
#include "engine/report_history.h"
#include "engine/report_rows.h"
#include "engine/report_words.h"
#include "engine/sanitizer.h"

#define FORMAT_VERSION 1

/* Setting a key takes over the value; a failure leaves it out, and the record is not written. */
struct writer {
    const struct hde_report *report;
    bool has_failed;
};

static void set(struct writer *writer, json_t *object, const char *key, json_t *value)
{
    writer->has_failed |= json_object_set_new(object, key, value) != 0;
}

static void push(struct writer *writer, json_t *array, json_t *value)
{
    writer->has_failed |= json_array_append_new(array, value) != 0;
}

/* File names are bytes; JSON is UTF-8. */
static json_t *string(const char *text)
{
    json_t *value = text == NULL ? json_null() : json_string(text);

    return value == NULL ? json_string("?") : value;
}

static json_t *source_record(struct writer *writer, const struct hde_source *source)
{
    json_t *record = json_object();

    set(writer, record, "function", string(source->function));
    set(writer, record, "file", string(source->file));
    set(writer, record, "line", json_integer(source->line));
    return record;
}

static json_t *stack_record(struct writer *writer, uint32_t context, uint32_t pc)
{
    struct hde_backtrace backtrace;
    json_t *stack = json_array();

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        push(writer, stack, source_record(writer, &backtrace.frames[i]));
    }
    return stack;
}

static json_t *memory_record(struct writer *writer, uint64_t address, uint64_t size)
{
    struct hde_memory_name name = hde_memory_name(writer->report->trace, address, size);
    json_t *record = json_object();

    if (address == 0) {
        json_decref(record);
        return json_null();
    }
    set(writer, record, "name", string(name.name));
    set(writer, record, "whereabouts",
        name.whereabouts[0] == '\0' ? json_null() : string(name.whereabouts));
    return record;
}

static json_t *lock_record(struct writer *writer, const struct hde_trace_lock *lock)
{
    json_t *record = memory_record(writer, lock->address, 1);
    struct hde_phrase line = hde_report_line(&lock->acquired);

    set(writer, record, "acquired", line.text[0] == '\0' ? json_null() : string(line.text));
    return record;
}

static json_t *place_record(struct writer *writer, unsigned number)
{
    const struct hde_report *report = writer->report;
    const struct hde_place *place = &report->finding->places[number];
    struct hde_source source = hde_finding_source(report->finding, number);
    struct hde_trace_lock lock;
    json_t *record = source_record(writer, &source);
    json_t *locks = json_array();

    for (unsigned i = 0; hde_report_held(report, number, i, &lock); i++) {
        push(writer, locks, lock_record(writer, &lock));
    }
    set(writer, record, "text", string(hde_report_deed(report, number).text));
    set(writer, record, "thread", json_integer(place->thread));
    set(writer, record, "event", string(hde_event_name(place->event_kind)));
    set(writer, record, "size", json_integer(place->size));
    set(writer, record, "is_cause", json_boolean(place->is_cause));
    set(writer, record, "object", memory_record(writer, place->address, place->size));
    set(writer, record, "stack", stack_record(writer, place->context, place->pc));
    set(writer, record, "locks", locks);
    return record;
}

static json_t *step_record(struct writer *writer, const struct hde_row *row)
{
    const struct hde_trace_step *step = row->step;
    json_t *record = source_record(writer, &row->source);
    json_t *locks = json_array();

    for (unsigned i = 0; step != NULL && i < step->held_count; i++) {
        push(writer, locks, lock_record(writer, &writer->report->trace->locks[step->held + i]));
    }
    set(writer, record, "code", string(hde_symbol_line(&row->source)));
    set(writer, record, "thread", json_integer(row->thread));
    set(writer, record, "action", string(row->action));
    set(writer, record, "is_marked", json_boolean(row->is_marked));
    set(writer, record, "times", json_integer(row->times));
    set(writer, record, "left_out_before", json_integer((json_int_t)row->left_out));
    set(writer, record, "event",
        step == NULL ? json_null() : string(hde_event_name(step->event.kind)));
    set(writer, record, "number", step == NULL ? json_null() : json_integer(step->number));
    set(writer, record, "object",
        step == NULL ? json_null() : memory_record(writer, step->event.address, step->event.size));
    set(writer, record, "locks", locks);
    return record;
}

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
            return string(function);
        }
    }
    return json_null();
}

static json_t *thread_record(struct writer *writer, unsigned id)
{
    const struct hde_thread *thread = &hde_execution.threads[id];
    json_t *record = json_object();
    struct hde_deed created = id == 0 ? (struct hde_deed){.pc = 0} : thread->created;
    struct hde_phrase line = hde_report_line(&created);
    bool is_created = !thread->is_of_engine && line.text[0] != '\0';

    struct hde_set others = hde_report_others(writer->report->finding);
    struct hde_place at = hde_thread_place(thread);

    set(writer, record, "id", json_integer(id));
    set(writer, record, "function", function_of(writer->report, id));
    set(writer, record, "created_by", is_created ? json_integer(created.thread) : json_null());
    set(writer, record, "created_at", is_created ? string(line.text) : json_null());
    set(writer, record, "stack",
        hde_set_has(&others, id) ? stack_record(writer, at.context, at.pc) : json_null());
    return record;
}

static json_t *moment(uint32_t moment)
{
    return moment == HDE_NEVER ? json_null() : json_integer(moment);
}

/* The operations, if it is about what they returned. */
static void add_history(struct writer *writer, json_t *record)
{
    struct hde_history_rows rows;
    json_t *history = json_array();
    char text[HDE_OPERATION_TEXT_MAX];

    if (!hde_report_history_take(&rows, writer->report->finding)) {
        json_decref(history);
        return;
    }
    for (uint32_t i = 0; i < rows.count; i++) {
        const struct hde_history_row *row = &rows.rows[i];
        json_t *operation = json_object();

        hde_contract_text(row->number, text);
        set(writer, operation, "text", string(text));
        set(writer, operation, "thread",
            json_integer(hde_histories.operations[row->number].operation.thread));
        set(writer, operation, "called", moment(row->called));
        set(writer, operation, "returned", moment(row->returned));
        set(writer, operation, "takes_effect", moment(row->takes_effect));
        set(writer, operation, "is_blamed", json_boolean(row->is_blamed));
        push(writer, history, operation);
    }
    set(writer, record, "history", history);
}

static void add_lists(struct writer *writer, json_t *record)
{
    const struct hde_report *report = writer->report;
    struct hde_rows rows = {.rows = NULL};
    json_t *places = json_array();
    json_t *threads = json_array();
    json_t *steps = json_array();

    for (unsigned i = 0; i < report->finding->places_count; i++) {
        push(writer, places, place_record(writer, i));
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        push(writer, threads, thread_record(writer, id));
    }
    hde_rows_take(&rows, report);
    for (size_t i = 0; i < rows.count; i++) {
        push(writer, steps, step_record(writer, &rows.rows[i]));
    }
    hde_rows_release(&rows);
    set(writer, record, "places", places);
    add_history(writer, record);
    set(writer, record, "threads", threads);
    set(writer, record, "steps", steps);
}

int hde_report_json(const struct hde_report *report, FILE *file)
{
    const struct hde_finding *finding = report->finding;
    struct writer writer = {.report = report};
    json_t *record = json_object();
    char identity[HDE_IDENTITY_SIZE];
    int result = -1;

    hde_finding_identify(finding, identity);
    set(&writer, record, "format", json_integer(FORMAT_VERSION));
    set(&writer, record, "identity", string(identity));
    set(&writer, record, "kind", string(hde_verdict_identifier(finding->kind)));
    set(&writer, record, "class",
        finding->class == HDE_CLASS_NONE ? json_null()
                                         : string(hde_finding_class_name(finding->class)));
    set(&writer, record, "message", string(hde_report_sentence(report).text));
    set(&writer, record, "program", string(report->program));
    set(&writer, record, "flavour",
        string(report->flavour == NULL ? hde_sanitizer_flavour : report->flavour));
    set(&writer, record, "model", string(report->model == NULL ? "sc" : report->model));
    set(&writer, record, "build_id", string(hde_symbol_build_id()));
    set(&writer, record, "strategy", string(report->strategy));
    /* As a string: a JSON number cannot hold 64 bits everywhere. */
    char seed[24];

    (void)snprintf(seed, sizeof(seed), "%llu", (unsigned long long)report->seed);
    set(&writer, record, "seed", string(seed));
    set(&writer, record, "executions", json_integer((json_int_t)report->executions));
    set(&writer, record, "preemptions", json_integer(report->preemptions));
    set(&writer, record, "schedule", string(report->schedule));
    set(&writer, record, "replay", string(report->replay));
    set(&writer, record, "noticed_by", string(hde_seen_by_name(finding->seen_by)));
    set(&writer, record, "sanitizer",
        hde_sanitizer_text()[0] == '\0' ? json_null() : string(hde_sanitizer_text()));
    add_lists(&writer, record);
    if (!writer.has_failed && json_dumpf(record, file, JSON_INDENT(2)) == 0 &&
        fputc('\n', file) != EOF) {
        result = 0;
    }
    json_decref(record);
    return result;
}
