/*
 * Schedule: an array of choices.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/schedule.h"

#include "engine/array.h"

static void make_room(struct hde_schedule *schedule, size_t count)
{
    schedule->entries =
        hde_array_grow(schedule->entries, &schedule->capacity, count, sizeof(*schedule->entries));
}

void hde_schedule_grow(struct hde_schedule *schedule) { make_room(schedule, schedule->count + 1); }

void hde_schedule_append(struct hde_schedule *schedule, const struct hde_entry *entry)
{
    *hde_schedule_add(schedule) = *entry;
}

void hde_schedule_copy(struct hde_schedule *to, const struct hde_schedule *from)
{
    make_room(to, from->count);
    for (size_t i = 0; i < from->count; i++) {
        to->entries[i] = from->entries[i];
    }
    to->count = from->count;
}

void hde_schedule_release(struct hde_schedule *schedule)
{
    hde_array_release(schedule->entries, schedule->capacity, sizeof(*schedule->entries));
    *schedule = (struct hde_schedule){.entries = NULL};
}
