/*
 * Replay: makes the choices of a schedule, and the normal ones wherever it says nothing.
 *
 * An entry is followed when its thread makes the choice of that event number. Entries are found by
 * thread and number, not by their order in time, so a schedule from which entries were taken is
 * followed as far as it goes: an entry that cannot be followed is passed over. Strict, for
 * schedules that were recorded whole, such an entry is a divergence, and no other is followed after
 * it.
 *
 * Guarantee   The same program with the schedule of one of its executions repeats that execution.
 * Misses      What the program does differently by itself: uninitialised memory, real time,
 *             addresses as keys. Only where that changes an event of an entry is it noticed.
 * Source      LeBlanc, Mellor-Crummey, Debugging parallel programs with instant replay, 1987, in
 *             which each process as well counts its own events.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/strategies/replay.h"

#include "engine/array.h"
#include "engine/fatal.h"

/* Link the entries of each thread. */
static void link_entries(struct hde_replay *replay)
{
    const struct hde_schedule *schedule = replay->schedule;
    uint32_t count = (uint32_t)schedule->count;

    replay->followers = hde_array_grow(replay->followers, &replay->followers_capacity, count,
                                       sizeof(*replay->followers));
    for (unsigned thread = 0; thread < HDE_THREADS_MAX; thread++) {
        replay->next[thread] = count;
    }
    for (uint32_t i = count; i > 0; i--) {
        uint8_t thread = schedule->entries[i - 1].thread;

        replay->followers[i - 1] = replay->next[thread];
        replay->next[thread] = i - 1;
    }
}

static void start(void *state, const struct hde_strategy_options *options)
{
    struct hde_replay *replay = state;

    if (options->schedule == NULL || options->schedule->count >= UINT32_MAX) {
        hde_fatal("replay: there is no schedule, or one that is too long");
    }
    replay->schedule = options->schedule;
}

static void begin(void *state, uint64_t seed)
{
    struct hde_replay *replay = state;

    (void)seed;
    replay->has_diverged = false;
    link_entries(replay);
}

static void diverge(struct hde_replay *replay, uint32_t entry, const struct hde_choice *choice)
{
    replay->has_diverged = true;
    replay->entry = entry;
    replay->found = choice->pending[choice->thread];
    replay->found_event = choice->event;
}

static bool is_followed(const struct hde_entry *entry, const struct hde_choice *choice)
{
    const struct hde_event *pending = &choice->pending[choice->thread];

    if (entry->choice != choice->kind) {
        return false;
    }
    if (entry->event_kind != HDE_EVENT_NONE && entry->event_kind != pending->kind) {
        return false;
    }
    return !hde_choice_is_thread(choice->kind)
               ? entry->alternative < choice->count
               : entry->alternative < HDE_THREADS_MAX &&
                     hde_set_has(choice->threads, entry->alternative);
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct hde_replay *replay = state;
    uint32_t *next = &replay->next[choice->thread];

    if (replay->has_diverged) {
        return choice->normal;
    }
    while (*next < replay->schedule->count) {
        uint32_t number = *next;
        const struct hde_entry *entry = &replay->schedule->entries[number];

        if (entry->event > choice->event) {
            break;
        }
        *next = replay->followers[number];
        if (entry->event == choice->event && is_followed(entry, choice)) {
            return entry->alternative;
        }
        if (replay->is_strict) {
            diverge(replay, number, choice);
            break;
        }
    }
    return choice->normal;
}

/* What is still to come has never been there. */
static bool end(void *state)
{
    struct hde_replay *replay = state;
    uint32_t first = (uint32_t)replay->schedule->count;

    for (unsigned thread = 0; thread < HDE_THREADS_MAX; thread++) {
        first = replay->next[thread] < first ? replay->next[thread] : first;
    }
    if (replay->is_strict && !replay->has_diverged && first < replay->schedule->count) {
        replay->has_diverged = true;
        replay->entry = first;
        replay->found = (struct hde_event){.kind = HDE_EVENT_NONE};
        replay->found_event = 0;
    }
    return false;
}

static void stop(void *state)
{
    struct hde_replay *replay = state;

    hde_array_release(replay->followers, replay->followers_capacity, sizeof(*replay->followers));
    *replay = (struct hde_replay){.schedule = NULL};
}

const struct hde_strategy hde_strategy_replay = {
    .name = "replay",
    .summary = "makes the choices of a recorded schedule",
    .follows = true,
    .state_size = sizeof(struct hde_replay),
    .start = start,
    .begin = begin,
    .choose = choose,
    .end = end,
    .stop = stop,
};
