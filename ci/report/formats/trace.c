/*
 * Chrome trace: each finding as a timeline for Perfetto and chrome://tracing.
 *
 * A microsecond is a step. There is a track for the scheduler, with who ran from when to when, and
 * one for each thread: its steps, within them what it held and waited for, marks where it has part
 * in the finding, and arrows between steps where one happens before the other.
 *
 * The rules of both viewers that the order of events keeps: slices of a track nest, and of two that
 * begin together the longer comes first; an arrow binds to the innermost slice that has begun, so
 * it comes after the slices and before the marks of its moment. Thread ids are shifted: 0 is no
 * thread's there, and the thread that is called as its process is shown first. No unit to display
 * is set: some versions of Perfetto would read the times in it.
 *
 * Source: "Trace Event Format"; importers/json and slice_tracker.cc in Perfetto's trace processor.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "ci/report/format.h"
#include "ci/report/names.h"
#include "ci/report/record.h"
#include "ci/report/timeline.h"
#include "engine/fatal.h"

#define FOLDER "trace"
#define PROCESS 1
#define SCHEDULER PROCESS /* the scheduler's track */
#define FIRST_THREAD 2    /* the track of thread 0 */

/* In the order in which events of one moment are written. */
enum rank {
    RANK_NAME,
    RANK_SPAN,
    RANK_STEP,
    RANK_ARROW,
    RANK_MARK,
};

struct event {
    json_t *json;
    json_int_t at;
    json_int_t duration;
    enum rank rank;
    size_t number;
};

struct trace {
    const json_t *finding;
    const json_t *steps;
    struct event *events;
    size_t count;
    size_t capacity;
};

static json_int_t track_of(const json_t *record)
{
    return hdr_number(record, "thread") + FIRST_THREAD;
}

/* ---- Events --------------------------------------------------------------------------------- */

static json_t *begin_event(const char *phase, const char *name, json_int_t track)
{
    json_t *event = json_object();

    hdr_set(event, "ph", hdr_string(phase));
    hdr_set(event, "name", hdr_string(name));
    hdr_set(event, "pid", json_integer(PROCESS));
    hdr_set(event, "tid", json_integer(track));
    return event;
}

static void add(struct trace *trace, enum rank rank, json_t *json)
{
    if (trace->count == trace->capacity) {
        size_t capacity = 2 * trace->capacity + 256;
        struct event *events = realloc(trace->events, capacity * sizeof(*events));

        if (events == NULL) {
            hde_fatal("no memory for a trace");
        }
        trace->events = events;
        trace->capacity = capacity;
    }
    trace->events[trace->count] = (struct event){
        .json = json,
        .at = hdr_number(json, "ts"),
        .duration = hdr_number(json, "dur"),
        .rank = rank,
        .number = trace->count,
    };
    trace->count++;
}

static void add_name(struct trace *trace, const char *what, json_int_t track, json_t *value)
{
    json_t *event = begin_event("M", what, track);
    json_t *arguments = json_object();

    hdr_set(arguments, strstr(what, "sort_index") != NULL ? "sort_index" : "name", value);
    hdr_set(event, "args", arguments);
    add(trace, RANK_NAME, event);
}

/* Returns its arguments, which are still to be set. */
static json_t *add_slice(struct trace *trace,
                         enum rank rank,
                         const char *name,
                         json_int_t track,
                         const json_int_t span[2])
{
    json_t *event = begin_event("X", name, track);
    json_t *arguments = json_object();

    hdr_set(event, "cat", hdr_string(rank == RANK_STEP ? "step" : "span"));
    hdr_set(event, "ts", json_integer(span[0]));
    hdr_set(event, "dur", json_integer(span[1] - span[0]));
    hdr_set(event, "args", arguments);
    add(trace, rank, event);
    return arguments;
}

static void add_mark(struct trace *trace, const char *name, json_int_t track, json_int_t at)
{
    json_t *event = begin_event("i", name, track);

    hdr_set(event, "cat", hdr_string("finding"));
    hdr_set(event, "ts", json_integer(at));
    hdr_set(event, "s", hdr_string("t"));
    add(trace, RANK_MARK, event);
}

/* One end of an arrow. Both have the same category, name and number. */
static void add_arrow(struct trace *trace, bool is_end, json_int_t step, json_int_t number)
{
    const json_t *record = json_array_get(trace->steps, (size_t)step);
    json_t *event = begin_event(is_end ? "f" : "s", "happens before", track_of(record));

    hdr_set(event, "cat", hdr_string("order"));
    hdr_set(event, "ts", json_integer(step));
    hdr_set(event, "id", json_integer(number));
    if (is_end) {
        hdr_set(event, "bp", hdr_string("e"));
    }
    add(trace, RANK_ARROW, event);
}

/* ---- What they are about -------------------------------------------------------------------- */

static const char *thread_name(const json_t *finding, json_int_t id)
{
    size_t i;
    json_t *thread;

    json_array_foreach(hdr_list(finding, "threads"), i, thread)
    {
        if (hdr_number(thread, "id") == id) {
            return hdr_text(thread, "name");
        }
    }
    return "?";
}

static void add_names(struct trace *trace)
{
    size_t i;
    json_t *thread;

    add_name(trace, "process_name", SCHEDULER, hdr_string(hdr_text(trace->finding, "program")));
    add_name(trace, "thread_name", SCHEDULER, hdr_string("scheduler"));
    add_name(trace, "thread_sort_index", SCHEDULER, json_integer(0));
    json_array_foreach(hdr_list(trace->finding, "threads"), i, thread)
    {
        const char *function = hdr_text(thread, "function");
        json_int_t track = hdr_number(thread, "id") + FIRST_THREAD;
        json_t *name = json_sprintf("%s%s%s", hdr_text(thread, "name"),
                                    function[0] == '\0' ? "" : ": ", function);

        add_name(trace, "thread_name", track, name == NULL ? hdr_string("?") : name);
        add_name(trace, "thread_sort_index", track, json_integer((json_int_t)i + 1));
    }
}

/* Who ran from when to when. */
static void add_turns(struct trace *trace)
{
    size_t count = json_array_size(trace->steps);
    size_t begin = 0;

    for (size_t i = 1; i <= count; i++) {
        json_int_t last = hdr_number(json_array_get(trace->steps, i - 1), "thread");
        const json_t *next = json_array_get(trace->steps, i);
        json_int_t span[2] = {(json_int_t)begin, (json_int_t)i};

        if (next != NULL && hdr_number(next, "thread") == last) {
            continue;
        }
        (void)add_slice(trace, RANK_SPAN, thread_name(trace->finding, last), SCHEDULER, span);
        if (hdr_is(next, "is_preempted")) {
            add_mark(trace, "preemption", SCHEDULER, (json_int_t)i);
        }
        begin = i;
    }
}

static void add_spans(struct trace *trace)
{
    json_t *spans = hdr_timeline_spans(trace->finding);
    size_t i;
    json_t *span;

    json_array_foreach(spans, i, span)
    {
        json_int_t times[2] = {hdr_number(span, "begin"), hdr_number(span, "end")};
        json_t *name = json_sprintf("%s %s", hdr_text(span, "kind"), hdr_text(span, "object"));

        (void)add_slice(trace, RANK_SPAN, json_string_value(name), track_of(span), times);
        json_decref(name);
    }
    json_decref(spans);
}

static const json_t *element(const json_t *finding, const char *list, const json_t *index)
{
    return json_is_integer(index)
               ? json_array_get(hdr_list(finding, list), (size_t)json_integer_value(index))
               : NULL;
}

static void copy_text(json_t *arguments, const json_t *from, const char *key, const char *name)
{
    if (hdr_text(from, key)[0] != '\0') {
        hdr_set(arguments, name, hdr_string(hdr_text(from, key)));
    }
}

/* A step: what it does to what, and where. */
static void add_step(struct trace *trace, const json_t *step, json_int_t at)
{
    const json_t *line = element(trace->finding, "lines", json_object_get(step, "line"));
    const json_t *object = element(trace->finding, "objects", json_object_get(step, "object"));
    json_int_t span[2] = {at, at + 1};
    json_t *name = json_sprintf("%s%s%s", hdr_text(step, "event"), object == NULL ? "" : " ",
                                hdr_text(object, "name"));
    json_t *arguments = add_slice(trace, RANK_STEP, json_string_value(name), track_of(step), span);

    copy_text(arguments, line, "function", "function");
    copy_text(arguments, line, "code", "code");
    if (line != NULL) {
        hdr_set(
            arguments, "line",
            json_sprintf("%s:%lld", hdr_text(line, "file"), (long long)hdr_number(line, "line")));
    }
    copy_text(arguments, step, "read", "read");
    copy_text(arguments, step, "written", "written");
    copy_text(arguments, step, "order", "order");
    json_decref(name);
}

/* What has part in the finding; what never came to pass stands after the last step. */
static void add_places(struct trace *trace)
{
    size_t i;
    json_t *place;

    json_array_foreach(hdr_list(trace->finding, "places"), i, place)
    {
        bool has_step = hdr_has(place, "step");

        if (has_step || !hdr_is(place, "is_cause")) {
            add_mark(trace, hdr_text(place, "text"), track_of(place),
                     has_step ? hdr_number(place, "step")
                              : (json_int_t)json_array_size(trace->steps));
        }
    }
}

/* Returns how many arrows there are now. */
static json_int_t
add_arrows(struct trace *trace, const json_t *step, json_int_t at, json_int_t count)
{
    size_t i;
    json_t *before;

    json_array_foreach(hdr_list(step, "after"), i, before)
    {
        json_int_t from = json_integer_value(before);

        if (from >= 0 && from < at) {
            count++;
            add_arrow(trace, false, from, count);
            add_arrow(trace, true, at, count);
        }
    }
    return count;
}

static void add_steps(struct trace *trace)
{
    json_int_t arrows = 0;
    size_t i;
    json_t *step;

    json_array_foreach(trace->steps, i, step)
    {
        add_step(trace, step, (json_int_t)i);
        arrows = add_arrows(trace, step, (json_int_t)i, arrows);
    }
}

/* ---- Files ---------------------------------------------------------------------------------- */

static int in_order(const void *left, const void *right)
{
    const struct event *a = left;
    const struct event *b = right;
    json_int_t order = (a->rank == RANK_NAME ? 0 : 1) - (b->rank == RANK_NAME ? 0 : 1);

    order = order != 0 ? order : a->at - b->at;
    order = order != 0 || a->rank >= RANK_ARROW || b->rank >= RANK_ARROW
                ? order
                : b->duration - a->duration;
    order = order != 0 ? order : (json_int_t)a->rank - (json_int_t)b->rank;
    order = order != 0 ? order : (a->number > b->number) - (a->number < b->number);
    return (order > 0) - (order < 0);
}

static void print_trace(const struct trace *trace, FILE *file)
{
    json_t *about = json_object();

    (void)fputs("{\"traceEvents\": [\n", file);
    for (size_t i = 0; i < trace->count; i++) {
        (void)json_dumpf(trace->events[i].json, file, 0);
        (void)fputs(i + 1 == trace->count ? "\n" : ",\n", file);
    }
    copy_text(about, trace->finding, "identity", "identity");
    copy_text(about, trace->finding, "message", "message");
    copy_text(about, trace->finding, "replay", "replay");
    hdr_set(about, "unit", hdr_string("a microsecond is a step"));
    if (hdr_number(trace->finding, "steps_left_out") > 0) {
        hdr_set(about, "steps_left_out",
                json_integer(hdr_number(trace->finding, "steps_left_out")));
    }
    (void)fputs("],\n\"otherData\": ", file);
    (void)json_dumpf(about, file, 0);
    (void)fputs("}\n", file);
    json_decref(about);
}

static bool write_finding(const json_t *finding, const struct hdr_output *output, const char *name)
{
    struct trace trace = {.finding = finding, .steps = hdr_list(finding, "steps")};
    struct hdr_file file;

    if (!hdr_file_open(&file, output, name)) {
        return false;
    }
    add_names(&trace);
    add_turns(&trace);
    add_spans(&trace);
    add_steps(&trace);
    add_places(&trace);
    qsort(trace.events, trace.count, sizeof(*trace.events), in_order);
    print_trace(&trace, file.stream);
    for (size_t i = 0; i < trace.count; i++) {
        json_decref(trace.events[i].json);
    }
    free(trace.events);
    return hdr_file_close(&file);
}

static bool write_trace(const struct hdr_collection *collection, const struct hdr_output *output)
{
    json_t *used = json_object();
    bool is_written = true;
    size_t i;
    json_t *finding;

    json_array_foreach(collection->findings, i, finding)
    {
        const char *const parts[] = {hdr_text(finding, "program"), hdr_text(finding, "identity"),
                                     ""};

        if (json_array_size(hdr_list(finding, "steps")) > 0) {
            struct hdr_name name = hdr_name_make(used, FOLDER, parts, ".json");

            is_written &= write_finding(finding, output, name.text);
        }
    }
    json_decref(used);
    return is_written;
}

const struct hdr_format hdr_format_trace = {
    .name = "trace",
    .writes = FOLDER "/",
    .summary = "each finding as a timeline, for Perfetto and chrome://tracing",
    .write = write_trace,
};
