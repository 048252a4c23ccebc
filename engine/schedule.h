/*
 * Schedule: the log of all choices of an execution that were not the normal one; all that replay
 * needs.
 *
 * A choice is anchored on the thread that made it and on that thread's own event number, which
 * stays the same however the other threads are interleaved. Each event of a thread has a number of
 * its own and each choice is an event, so an anchor names one choice. What is normal: choice.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SCHEDULE_H
#define HEDDLE_ENGINE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One choice that was not the normal one. */
struct hde_entry {
    uint32_t event;       /* the number of the event at which `thread` made the choice */
    uint32_t alternative; /* a thread, or a value */
    uint32_t pc;          /* of the event, packed; 0 if not known */
    uint8_t thread;       /* that made the choice, or arrived where another was chosen */
    uint8_t choice;       /* enum hde_choice_kind */
    uint8_t event_kind;   /* enum hde_event_kind of the event; HDE_EVENT_NONE if not known */
    uint8_t unused;
};

struct hde_schedule {
    struct hde_entry *entries;
    size_t count;
    size_t capacity;
};

/* Make room for one more; grows by doubling. */
void hde_schedule_grow(struct hde_schedule *schedule);

/* A new last entry, for the caller to fill in. */
static inline struct hde_entry *hde_schedule_add(struct hde_schedule *schedule)
{
    if (__builtin_expect(schedule->count == schedule->capacity, 0)) {
        hde_schedule_grow(schedule);
    }
    return &schedule->entries[schedule->count++];
}

void hde_schedule_append(struct hde_schedule *schedule, const struct hde_entry *entry);

/* `to` becomes a copy. */
void hde_schedule_copy(struct hde_schedule *to, const struct hde_schedule *from);

void hde_schedule_release(struct hde_schedule *schedule);

#endif
