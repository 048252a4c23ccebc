/*
 * Publication before initialisation: others are told that the value is there before it is.
 *
 * Bug      Data race on `limit`: the event orders what comes before its set, and the write comes
 *          after. A thread that waited for the event may read the old value.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between the set and the
 *          write.
 * Fix      Write first, then set.
 * Source   Shape of a bug of Transmission 1.42: a handle used before its creator has stored it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/event.h>

struct shared {
    struct hd_event ready; /* set once `limit` holds */
    int limit;             /* constant once `ready` is set */
    int seen;              /* written by the reader only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_event_init(&shared->ready);
}

static void publish_early(void *state)
{
    struct shared *shared = state;

    hd_event_set(&shared->ready);
    shared->limit = 10; /* finding */
}

static void publish(void *state)
{
    struct shared *shared = state;

    shared->limit = 10;
    hd_event_set(&shared->ready);
}

static void read_limit(void *state)
{
    struct shared *shared = state;

    hd_event_wait(&shared->ready);
    shared->seen = shared->limit; /* finding */
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->seen == 10);
}

const struct hd_scenario hd_scenario_publication_before_init = {
    .summary = "an event is set before the value that it announces is written",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {publish_early, read_limit},
    .fixed = {publish, read_limit},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
