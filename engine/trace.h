/*
 * Trace: all steps of one execution, for reports. Taken while a schedule is replayed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_TRACE_H
#define HEDDLE_ENGINE_TRACE_H

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
    uint32_t number; /* the thread's own */
    uint32_t context;
    uint32_t held; /* index into `locks` of what it held then, in the order of acquiring */
    uint8_t held_count;
    uint8_t thread;
};

struct hde_trace {
    struct hde_trace_step *steps;
    size_t count;
    size_t capacity;
    struct hde_trace_lock *locks; /* steps of one thread share what did not change in between */
    size_t locks_count;
    size_t locks_capacity;
};

/* Empty the trace and let hde_trace_observe() fill it. */
void hde_trace_begin(struct hde_trace *trace);

/* For hde_settings.observe. */
void hde_trace_observe(const struct hde_thread *thread, const struct hde_event *event);

/* The step of a thread's event of that number; NULL if it was not carried out. */
const struct hde_trace_step *
hde_trace_find(const struct hde_trace *trace, uint8_t thread, uint32_t number);

void hde_trace_release(struct hde_trace *trace);

#endif
