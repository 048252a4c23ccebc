/*
 * Trace: an array that grows while the replay runs.
 *
 * What a thread holds changes seldom: a step refers to the list of the thread's step before if that
 * has not changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/trace.h"

#include <string.h>

#include "engine/arena.h"
#include "engine/array.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/globals.h"
#include "engine/step.h"

static struct hde_trace *filled; /* by hde_trace_observe(); NULL: none */

/* Of each thread, as it was at its last step. */
static struct last {
    uint32_t held; /* where the list is */
    uint8_t held_count;
    uint32_t step; /* index; HDE_TRACE_NONE: it has made none */
    struct hde_clock clock;
} last[HDE_THREADS_MAX];

void hde_trace_begin(struct hde_trace *trace)
{
    trace->count = 0;
    trace->locks_count = 0;
    trace->lessons_count = 0;
    for (unsigned i = 0; i < HDE_THREADS_MAX; i++) {
        last[i].held = 0;
        last[i].held_count = 0;
        last[i].step = HDE_TRACE_NONE;
        last[i].clock.size = 0;
    }
    filled = trace;
}

/* ---- Locks held ------------------------------------------------------------------------------ */

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

/* ---- What threads learn ---------------------------------------------------------------------- */

static void
note_lesson(struct hde_trace *trace, unsigned thread, uint32_t until, unsigned of, uint32_t time)
{
    trace->lessons = hde_array_grow(trace->lessons, &trace->lessons_capacity,
                                    trace->lessons_count + 1, sizeof(*trace->lessons));
    trace->lessons[trace->lessons_count++] = (struct hde_trace_lesson){
        .since = last[thread].step,
        .until = until,
        .time = time,
        .of = (uint8_t)of,
    };
}

/* What is in the thread's clock, and was not before its last step. */
static void note_lessons(struct hde_trace *trace, const struct hde_thread *thread, uint32_t until)
{
    struct hde_clock *known = &last[thread->id].clock;

    for (unsigned of = 0; of < thread->clock.size; of++) {
        uint32_t time = thread->clock.at[of];

        if (of != thread->id && time > hde_clock_at(known, of)) {
            note_lesson(trace, thread->id, until, of, time);
        }
    }
    hde_clock_copy(known, &thread->clock);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static bool is_memory(const struct hde_event *event)
{
    return event->kind >= HDE_EVENT_READ && event->kind <= HDE_EVENT_ATOMIC_UPDATE;
}

/*
 * Whether it can be read and says the same in each run: the code under test may have sent us
 * anywhere.
 */
static bool is_ours(uint64_t address, uint64_t size)
{
    uint64_t last_byte = address + size - 1;

    return (hde_arena_has(address) && hde_arena_has(last_byte)) ||
           (hde_fiber_stack_owner((uintptr_t)address) != HDE_THREADS_MAX &&
            hde_fiber_stack_owner((uintptr_t)last_byte) != HDE_THREADS_MAX) ||
           (address >= (uintptr_t)__data_start && last_byte < (uintptr_t)_end);
}

/* What the memory of an event holds; false if that cannot be said in 64 bits. */
static bool look(const struct hde_event *event, uint64_t *value)
{
    bool is_word = event->size == 1 || event->size == 2 || event->size == 4 || event->size == 8;

    *value = 0;
    if (!is_memory(event) || !is_word || !is_ours(event->address, event->size)) {
        return false;
    }
    memcpy(value, (const void *)(uintptr_t)event->address, event->size);
    return true;
}

/* Whether the function that made the step has not returned: else its locals are gone. */
static bool is_in_call(const struct hde_trace_step *step)
{
    uint32_t node = hde_execution.threads[step->thread].context;

    while (node != step->context && hde_contexts[node].depth > hde_contexts[step->context].depth) {
        node = hde_contexts[node].parent;
    }
    return node == step->context;
}

/* The last step of all has been carried out. */
static void look_after(struct hde_trace *trace)
{
    struct hde_trace_step *step = &trace->steps[trace->count - 1];
    bool is_local = hde_fiber_stack_owner((uintptr_t)step->event.address) != HDE_THREADS_MAX;

    if (step->event.writes && (!is_local || is_in_call(step))) {
        step->has_after = look(&step->event, &step->after);
    }
}

/* ---- Steps ----------------------------------------------------------------------------------- */

/* Whether whoever made the last step was able to go on, now that `thread' makes the next one. */
static bool is_preempted(const struct hde_trace *trace, const struct hde_thread *thread)
{
    unsigned left = trace->count == 0 ? thread->id : trace->steps[trace->count - 1].thread;

    return left != thread->id && hde_step_could_go_on(left);
}

void hde_trace_observe(const struct hde_thread *thread, const struct hde_event *event)
{
    struct hde_trace *trace = filled;
    struct hde_trace_step step = {
        .event = *event,
        .number = thread->events,
        .context = thread->context,
        .time = thread->clock.at[thread->id],
        .thread = thread->id,
        .is_preempted = is_preempted(trace, thread),
    };

    if (trace->count > 0) {
        look_after(trace);
    }
    note_lessons(trace, thread, (uint32_t)trace->count);
    if (!is_unchanged(trace, thread)) {
        note_held(trace, thread);
    }
    step.held = last[thread->id].held;
    step.held_count = last[thread->id].held_count;
    step.has_before = look(event, &step.before);
    last[thread->id].step = (uint32_t)trace->count;
    trace->steps = hde_array_grow(trace->steps, &trace->capacity, trace->count + 1,
                                  sizeof(struct hde_trace_step));
    trace->steps[trace->count++] = step;
}

/* The last write is not looked at: globals are by now what they were before the execution. */
void hde_trace_end(struct hde_trace *trace)
{
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        note_lessons(trace, &hde_execution.threads[id], HDE_TRACE_NONE);
    }
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
    hde_array_release(trace->lessons, trace->lessons_capacity, sizeof(struct hde_trace_lesson));
    *trace = (struct hde_trace){.steps = NULL};
}
