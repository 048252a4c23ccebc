/*
 * Event cleared before it was seen: one thread sets an event and clears it again, to let those go
 * who wait at that moment.
 *
 * Bug      Who comes after the event was cleared waits for the next time, and there is none.
 * Needs    2 threads, 0 preemptions: set and clear come first.
 * Fix      The event stays set.
 * Source   PulseEvent(), of which Microsoft's documentation says that it is unreliable and should
 *          not be used.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/event.h>

struct shared {
    struct hd_event event;
    bool has_gone; /* owner only, until check */
};

static void setup(void *state) { hd_event_init(&((struct shared *)state)->event); }

static void wait(void *state)
{
    struct shared *shared = state;

    hd_event_wait(&shared->event); /* finding */
    shared->has_gone = true;
}

static void pulse(void *state)
{
    struct shared *shared = state;

    hd_event_set(&shared->event);
    hd_event_clear(&shared->event);
}

static void set(void *state) { hd_event_set(&((struct shared *)state)->event); }

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->has_gone); }

const struct hd_scenario hd_scenario_event_cleared_before_seen = {
    .summary = "an event that is set for a moment only",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait, pulse},
    .fixed = {wait, set},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
