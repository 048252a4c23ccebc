/*
 * Timeline: from the locks that are held at each step of a thread, and those at its next.
 *
 * A lock that is held at the next step and not at this one, this step has acquired; one that is
 * held at this step and not at the next, it has released.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/timeline.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/record.h"
#include "engine/fatal.h"

/* A lock in somebody's hands, from its acquiring to its release. */
struct hold {
    json_int_t thread;
    json_int_t object;
    json_int_t begin;
    json_int_t end;
};

struct timeline {
    const json_t *finding;
    const json_t *steps;
    json_t *spans;
    struct hold *holds;
    size_t holds_count;
    size_t holds_capacity;
    json_int_t end;
};

/* A thread, step by step. */
struct thread {
    struct timeline *timeline;
    json_int_t id;
    json_t *held;   /* objects, the one acquired first at first */
    json_t *begins; /* when the span of each began */
};

json_int_t hdr_timeline_end(const json_t *finding)
{
    return (json_int_t)json_array_size(hdr_list(finding, "steps")) + 1;
}

static const char *object_name(const json_t *finding, json_int_t object)
{
    const json_t *found =
        object < 0 ? NULL : json_array_get(hdr_list(finding, "objects"), (size_t)object);

    return found == NULL ? "?" : hdr_text(found, "name");
}

static void add_span(const struct thread *thread,
                     const char *kind,
                     const char *object,
                     json_int_t begin,
                     json_int_t end)
{
    json_t *span = json_object();

    if (begin >= end) {
        json_decref(span);
        return;
    }
    hdr_set(span, "thread", json_integer(thread->id));
    hdr_set(span, "begin", json_integer(begin));
    hdr_set(span, "end", json_integer(end));
    hdr_set(span, "kind", hdr_string(kind));
    hdr_set(span, "object", hdr_string(object));
    hdr_push(thread->timeline->spans, span);
}

/* ---- Holding -------------------------------------------------------------------------------- */

/* Where an integer is in an array; its size if it is not. */
static size_t find(const json_t *array, json_int_t wanted)
{
    size_t i = 0;

    while (i < json_array_size(array) && json_integer_value(json_array_get(array, i)) != wanted) {
        i++;
    }
    return i;
}

static bool has(const json_t *array, json_int_t wanted)
{
    return find(array, wanted) < json_array_size(array);
}

static void
begin_hold(struct timeline *timeline, json_int_t thread, json_int_t object, json_int_t at)
{
    if (timeline->holds_count == timeline->holds_capacity) {
        size_t capacity = 2 * timeline->holds_capacity + 16;
        struct hold *holds = realloc(timeline->holds, capacity * sizeof(*holds));

        if (holds == NULL) {
            hde_fatal("no memory for a timeline");
        }
        timeline->holds = holds;
        timeline->holds_capacity = capacity;
    }
    timeline->holds[timeline->holds_count++] = (struct hold){
        .thread = thread,
        .object = object,
        .begin = at,
        .end = timeline->end,
    };
}

static void end_hold(struct timeline *timeline, json_int_t thread, json_int_t object, json_int_t at)
{
    for (size_t i = timeline->holds_count; i-- > 0;) {
        struct hold *hold = &timeline->holds[i];

        if (hold->thread == thread && hold->object == object) {
            hold->end = at;
            return;
        }
    }
}

static void acquire(struct thread *thread, json_int_t object, json_int_t at)
{
    hdr_push(thread->held, json_integer(object));
    hdr_push(thread->begins, json_integer(at));
    begin_hold(thread->timeline, thread->id, object, at);
}

/* The spans of `from` and all that were acquired later end, the innermost last. */
static void end_spans(const struct thread *thread, size_t from, json_int_t at)
{
    for (size_t i = from; i < json_array_size(thread->held); i++) {
        json_int_t object = json_integer_value(json_array_get(thread->held, i));

        add_span(thread, "holds", object_name(thread->timeline->finding, object),
                 json_integer_value(json_array_get(thread->begins, i)), at);
    }
}

/* What is held and not in `kept` is released; what was acquired later begins a new span. */
static void release(struct thread *thread, const json_t *kept, json_int_t at)
{
    size_t first = 0;
    size_t i;

    while (first < json_array_size(thread->held) &&
           has(kept, json_integer_value(json_array_get(thread->held, first)))) {
        first++;
    }
    end_spans(thread, first, at);
    i = first;
    while (i < json_array_size(thread->held)) {
        json_int_t object = json_integer_value(json_array_get(thread->held, i));

        if (has(kept, object)) {
            (void)json_array_set_new(thread->begins, i, json_integer(at));
            i++;
        } else {
            end_hold(thread->timeline, thread->id, object, at);
            (void)json_array_remove(thread->held, i);
            (void)json_array_remove(thread->begins, i);
        }
    }
}

/* What the thread holds after its last step, of which no other step tells. */
static json_t *held_at_end(const json_t *step)
{
    const char *event = hdr_text(step, "event");
    json_t *held = json_copy(json_object_get(step, "locks"));
    json_int_t object = hdr_number(step, "object");

    if (held == NULL) {
        held = json_array();
    }
    if (!hdr_has(step, "object")) {
        return held;
    }
    if (strcmp(event, "lock") == 0 || strcmp(event, "shared_lock") == 0) {
        hdr_push(held, json_integer(object));
    } else if ((strcmp(event, "unlock") == 0 || strcmp(event, "shared_unlock") == 0) &&
               has(held, object)) {
        (void)json_array_remove(held, find(held, object));
    }
    return held;
}

/* ---- All steps of a thread ------------------------------------------------------------------ */

static json_int_t next_of(const struct timeline *timeline, json_int_t thread, size_t from)
{
    while (from < json_array_size(timeline->steps) &&
           hdr_number(json_array_get(timeline->steps, from), "thread") != thread) {
        from++;
    }
    return from < json_array_size(timeline->steps) ? (json_int_t)from : -1;
}

static void acquire_missing(struct thread *thread, const json_t *held, json_int_t at)
{
    size_t i;
    json_t *object;

    json_array_foreach(held, i, object)
    {
        if (!has(thread->held, json_integer_value(object))) {
            acquire(thread, json_integer_value(object), at);
        }
    }
}

static void follow_holding(struct thread *thread)
{
    const struct timeline *timeline = thread->timeline;
    json_int_t at = next_of(timeline, thread->id, 0);

    while (at >= 0) {
        const json_t *step = json_array_get(timeline->steps, (size_t)at);
        json_int_t next = next_of(timeline, thread->id, (size_t)at + 1);
        const json_t *later = next < 0 ? NULL : json_array_get(timeline->steps, (size_t)next);
        json_t *kept = next < 0 ? held_at_end(step) : json_incref(json_object_get(later, "locks"));

        acquire_missing(thread, hdr_list(step, "locks"), at); /* before its first step */
        acquire_missing(thread, kept, at);
        release(thread, kept, at + 1);
        json_decref(kept);
        at = next;
    }
    end_spans(thread, 0, timeline->end);
}

/* ---- Waiting -------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/*
 * From the first moment at which another has the lock to the last, between two moments. That it was
 * free in between, and another was faster, does not end the waiting. What a step acquires is in its
 * hands from the end of the step.
 */
static void wait_for_lock(const struct thread *thread, json_int_t object, const json_int_t span[2])
{
    const struct timeline *timeline = thread->timeline;
    json_int_t begin = span[1];
    json_int_t end = span[0];

    for (size_t i = 0; i < timeline->holds_count; i++) {
        const struct hold *hold = &timeline->holds[i];

        if (hold->object == object && hold->thread != thread->id && hold->begin + 1 < span[1] &&
            hold->end > span[0]) {
            begin = hold->begin + 1 < begin ? hold->begin + 1 : begin;
            end = hold->end > end ? hold->end : end;
        }
    }
    add_span(thread, "waits for", object_name(timeline->finding, object),
             begin > span[0] ? begin : span[0], end < span[1] ? end : span[1]);
}

static void wait_between(const struct thread *thread, json_int_t last, json_int_t next)
{
    const struct timeline *timeline = thread->timeline;
    const json_t *step = json_array_get(timeline->steps, (size_t)next);
    const char *event = hdr_text(step, "event");

    if (!hdr_has(step, "object")) {
        return;
    }
    if (ends_with(event, "awake") || strcmp(event, "barrier_leave") == 0) {
        add_span(thread, "waits for", object_name(timeline->finding, hdr_number(step, "object")),
                 last + 1, next);
    } else if (strcmp(event, "lock") == 0 || strcmp(event, "shared_lock") == 0) {
        const json_int_t span[2] = {last + 1, next};

        wait_for_lock(thread, hdr_number(step, "object"), span);
    }
}

/* The lock of that name that others have at the end; -1 if there is none. */
static json_int_t find_held(const struct thread *thread, const char *name)
{
    const struct timeline *timeline = thread->timeline;

    for (size_t i = 0; i < timeline->holds_count; i++) {
        const struct hold *hold = &timeline->holds[i];

        if (hold->end == timeline->end && hold->thread != thread->id &&
            strcmp(object_name(timeline->finding, hold->object), name) == 0) {
            return hold->object;
        }
    }
    return -1;
}

/* What it waits for ever for, once it stands before it. */
static void wait_for_ever(const struct thread *thread, const json_t *object, json_int_t from)
{
    const char *name =
        json_is_string(object) ? json_string_value(object) : hdr_text(object, "name");
    const json_int_t span[2] = {from, thread->timeline->end};
    json_int_t lock = find_held(thread, name);

    if (lock >= 0) {
        wait_for_lock(thread, lock, span);
    } else {
        add_span(thread, "waits for", name, span[0], span[1]);
    }
}

static void wait_at_end(const struct thread *thread, json_int_t last)
{
    size_t i;
    json_t *place;

    json_array_foreach(hdr_list(thread->timeline->finding, "places"), i, place)
    {
        if (hdr_has(place, "waits_for") && hdr_number(place, "thread") == thread->id) {
            wait_for_ever(thread, json_object_get(json_object_get(place, "waits_for"), "object"),
                          last + 1);
            return;
        }
    }
}

static void follow_waiting(const struct thread *thread)
{
    json_int_t last = -1;

    for (json_int_t at = next_of(thread->timeline, thread->id, 0); at >= 0;
         at = next_of(thread->timeline, thread->id, (size_t)at + 1)) {
        if (last >= 0) {
            wait_between(thread, last, at);
        }
        last = at;
    }
    wait_at_end(thread, last);
}

json_t *hdr_timeline_spans(const json_t *finding)
{
    struct timeline timeline = {
        .finding = finding,
        .steps = hdr_list(finding, "steps"),
        .spans = json_array(),
        .end = hdr_timeline_end(finding),
    };
    size_t i;
    const json_t *record;

    json_array_foreach(hdr_list(finding, "threads"), i, record)
    {
        struct thread thread = {
            .timeline = &timeline,
            .id = hdr_number(record, "id"),
            .held = json_array(),
            .begins = json_array(),
        };

        follow_holding(&thread);
        json_decref(thread.held);
        json_decref(thread.begins);
    }
    json_array_foreach(hdr_list(finding, "threads"), i, record)
    {
        const struct thread thread = {.timeline = &timeline, .id = hdr_number(record, "id")};

        follow_waiting(&thread);
    }
    free(timeline.holds);
    return timeline.spans;
}
