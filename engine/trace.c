/*
 * Trace: an array that grows while the replay runs.
 *
 * What a thread holds changes seldom: a step refers to the list of the thread's step before if that
 * has not changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/trace.h"

#include <stdbool.h>
#include <string.h>

#include "engine/array.h"

static struct hde_trace *filled; /* by hde_trace_observe(); NULL: none */

/* By thread: where the list of its last step is. */
static struct {
    uint32_t held;
    uint8_t held_count;
} last[HDE_THREADS_MAX];

void hde_trace_begin(struct hde_trace *trace)
{
    trace->count = 0;
    trace->locks_count = 0;
    memset(last, 0, sizeof(last));
    filled = trace;
}

static unsigned held_count(const struct hde_thread *thread)
{
    return thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;
}

/* Whether the thread holds what it held at its last step. */
static bool is_unchanged(const struct hde_trace *trace, const struct hde_thread *thread)
{
    unsigned count = held_count(thread);

    if (last[thread->id].held_count != count) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        const struct hde_trace_lock *lock = &trace->locks[last[thread->id].held + i];
        const struct hde_object *held = thread->held[i];

        if (lock->address != held->address || lock->acquired.thread != held->acquired.thread ||
            lock->acquired.event != held->acquired.event) {
            return false;
        }
    }
    return true;
}

static void note_held(struct hde_trace *trace, const struct hde_thread *thread)
{
    unsigned count = held_count(thread);

    last[thread->id].held = (uint32_t)trace->locks_count;
    last[thread->id].held_count = (uint8_t)count;
    for (unsigned i = 0; i < count; i++) {
        trace->locks = hde_array_grow(trace->locks, &trace->locks_capacity, trace->locks_count + 1,
                                      sizeof(struct hde_trace_lock));
        trace->locks[trace->locks_count++] = (struct hde_trace_lock){
            .address = thread->held[i]->address,
            .acquired = thread->held[i]->acquired,
        };
    }
}

void hde_trace_observe(const struct hde_thread *thread, const struct hde_event *event)
{
    struct hde_trace *trace = filled;

    if (!is_unchanged(trace, thread)) {
        note_held(trace, thread);
    }
    trace->steps = hde_array_grow(trace->steps, &trace->capacity, trace->count + 1,
                                  sizeof(struct hde_trace_step));
    trace->steps[trace->count++] = (struct hde_trace_step){
        .event = *event,
        .number = thread->events,
        .context = thread->context,
        .held = last[thread->id].held,
        .held_count = last[thread->id].held_count,
        .thread = thread->id,
    };
}

const struct hde_trace_step *
hde_trace_find(const struct hde_trace *trace, uint8_t thread, uint32_t number)
{
    for (size_t i = 0; i < trace->count; i++) {
        if (trace->steps[i].thread == thread && trace->steps[i].number == number) {
            return &trace->steps[i];
        }
    }
    return NULL;
}

void hde_trace_release(struct hde_trace *trace)
{
    if (filled == trace) {
        filled = NULL;
    }
    hde_array_release(trace->steps, trace->capacity, sizeof(struct hde_trace_step));
    hde_array_release(trace->locks, trace->locks_capacity, sizeof(struct hde_trace_lock));
    *trace = (struct hde_trace){.steps = NULL};
}
