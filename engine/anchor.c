/*
 * Anchors: found in the trace of a replay.
 *
 * An entry is looked for after those before it have been found, and in the replay of these: up to
 * where it is to be, that is the execution that the schedule means.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/anchor.h"

#include <string.h>

#include "engine/replay.h"
#include "engine/symbol.h"

/* A wake or value choice is made in the course of the event before its number. */
static uint32_t event_of(const struct hde_entry *entry)
{
    return entry->choice == HDE_CHOICE_THREAD ? entry->event : entry->event - 1;
}

/* Nowhere, if the anchor says no place: a thread's end is no line of the program. */
static bool is_there(const struct hde_anchor *anchor, uint32_t pc)
{
    if (anchor->file == NULL || pc == 0) {
        return anchor->file == NULL && pc == 0;
    }
    struct hde_source source = hde_symbol_source(pc);

    return source.line == anchor->line && strcmp(source.file, anchor->file) == 0;
}

/* The how manieth such event it is: its own step may be missing, if the thread never got to it. */
static uint32_t count_times(const struct hde_trace *trace,
                            const struct hde_entry *entry,
                            const struct hde_anchor *anchor)
{
    uint32_t times = 1;

    for (size_t i = 0; i < trace->count; i++) {
        const struct hde_trace_step *step = &trace->steps[i];

        if (step->thread == entry->thread && step->number < event_of(entry) &&
            step->event.kind == entry->event_kind && is_there(anchor, step->event.pc)) {
            times++;
        }
    }
    return times;
}

void hde_anchor_append(struct hde_schedule_text *text,
                       const struct hde_schedule *schedule,
                       const struct hde_trace *trace)
{
    for (size_t i = 0; i < schedule->count; i++) {
        const struct hde_entry *entry = &schedule->entries[i];
        struct hde_anchor anchor = {.file = NULL};

        if (entry->pc != 0) {
            struct hde_source source = hde_symbol_source(entry->pc);

            anchor.file = source.line > 0 ? source.file : NULL;
            anchor.line = source.line;
        }
        if (anchor.file != NULL) {
            anchor.time = count_times(trace, entry, &anchor);
        }
        hde_schedule_text_append(text, entry, &anchor);
    }
}

/* ---- Finding again --------------------------------------------------------------------------- */

/* The number of the event that an anchor means in this trace; 0 if it is not there. */
static uint32_t find_event(const struct hde_trace *trace,
                           const struct hde_entry *entry,
                           const struct hde_anchor *anchor,
                           uint32_t *pc)
{
    const struct hde_event *pending = &hde_execution.pending[entry->thread];
    uint32_t times = 0;

    for (size_t i = 0; i < trace->count; i++) {
        const struct hde_trace_step *step = &trace->steps[i];

        if (step->thread == entry->thread && step->event.kind == entry->event_kind &&
            is_there(anchor, step->event.pc) && ++times == anchor->time) {
            *pc = step->event.pc;
            return step->number;
        }
    }
    /* The thread may have come to it, and no further. */
    if (entry->thread < hde_execution.threads_count && pending->kind == entry->event_kind &&
        times + 1 == anchor->time && is_there(anchor, pending->pc)) {
        *pc = pending->pc;
        return hde_execution.threads[entry->thread].events;
    }
    return 0;
}

/* A thread ends once, and once the engine waits for all others. */
static const struct hde_anchor at_no_line = {.file = NULL, .time = 1};

/* One event can make several wake choices, which follow each other. */
static bool is_of_same_event(const struct hde_schedule_text *text, size_t index)
{
    const struct hde_entry *entry = &text->schedule.entries[index];
    const struct hde_anchor *anchor = &text->anchors[index];

    return index > 0 && entry->choice == HDE_CHOICE_WAKE && entry[-1].choice == HDE_CHOICE_WAKE &&
           entry[-1].thread == entry->thread && entry[-1].event_kind == entry->event_kind &&
           anchor->file != NULL && anchor[-1].file != NULL &&
           strcmp(anchor[-1].file, anchor->file) == 0 && anchor[-1].line == anchor->line &&
           anchor[-1].time == anchor->time;
}

size_t hde_anchor_find(const struct hde_program *program,
                       const struct hde_settings *settings,
                       struct hde_schedule_text *text)
{
    struct hde_trace trace = {.count = 0};
    size_t lost = 0;

    for (size_t i = 0; i < text->schedule.count; i++) {
        struct hde_entry *entry = &text->schedule.entries[i];
        const struct hde_anchor *anchor = &text->anchors[i];
        struct hde_schedule before = {.entries = text->schedule.entries, .count = i};

        if (entry->event_kind == HDE_EVENT_NONE || (anchor->file != NULL && anchor->time == 0)) {
            continue;
        }
        if (is_of_same_event(text, i)) {
            entry->event = entry[-1].event + 1;
            continue;
        }
        hde_replay(program, settings, &before, NULL, &trace);
        uint32_t event =
            find_event(&trace, entry, anchor->file == NULL ? &at_no_line : anchor, &entry->pc);

        if (event == 0) {
            lost += anchor->file != NULL;
        } else {
            entry->event = event + (entry->choice == HDE_CHOICE_THREAD ? 0 : 1);
        }
    }
    hde_trace_release(&trace);
    return lost;
}
