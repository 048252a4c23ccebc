/*
 * Trace: all steps of one execution, for reports. Taken while a schedule is replayed.
 *
 * What each thread learns of the others is noted as it is seen in its clock: before each of its
 * steps, and as the execution ends (trace_order.h makes edges of that). Memory is looked at when a
 * step is about to be carried out, and again before the next one, when a write has been made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_TRACE_H
#define HEDDLE_ENGINE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/thread.h"

/* A lock that a thread held. */
struct hde_trace_lock {
    uint64_t address;
    struct hde_deed acquired; /* where */
};

struct hde_trace_step {
    struct hde_event event;
    uint64_t before; /* what was in the memory that it touches, if has_before */
    uint64_t after;  /* likewise, once it had been carried out */
    uint32_t number; /* the thread's own */
    uint32_t context;
    uint32_t time; /* the thread's own, in its clock */
    uint32_t held; /* index into `locks` of what it held then, in the order of acquiring */
    uint8_t held_count;
    uint8_t thread;
    bool has_before;
    bool has_after;
    bool is_preempted; /* the thread of the step before it could have gone on */
};

#define HDE_TRACE_NONE UINT32_MAX /* no step */

/*
 * A thread had learnt, between two of its steps, of all that thread `of` did up to `time`: in the
 * first of them, or on its way to the second.
 */
struct hde_trace_lesson {
    uint32_t since; /* index of the first step; HDE_TRACE_NONE: it had made none */
    uint32_t until; /* index of the second; HDE_TRACE_NONE: it made none any more */
    uint32_t time;
    uint8_t of;
};

struct hde_trace {
    struct hde_trace_step *steps;
    size_t count;
    size_t capacity;
    struct hde_trace_lock *locks; /* steps of one thread share what did not change in between */
    size_t locks_count;
    size_t locks_capacity;
    struct hde_trace_lesson *lessons; /* in the order of `until' */
    size_t lessons_count;
    size_t lessons_capacity;
};

/* Empty the trace and let hde_trace_observe() fill it. */
void hde_trace_begin(struct hde_trace *trace);

/* For hde_settings.observe. */
void hde_trace_observe(const struct hde_thread *thread, const struct hde_event *event);

/* The execution has ended: what its last steps did is noted. */
void hde_trace_end(struct hde_trace *trace);

/* The step of a thread's event of that number; NULL if it was not carried out. */
const struct hde_trace_step *
hde_trace_find(const struct hde_trace *trace, uint8_t thread, uint32_t number);

void hde_trace_release(struct hde_trace *trace);

#endif
