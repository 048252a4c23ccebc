/*
 * Event, explored: nobody sleeps through a set, every set publishes, and the last waiter may
 * destroy it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/event.h>
#include <heddle/history.h>

#define WAITERS_BIT 2U /* of hd_event.word: set while a thread sleeps */

struct shared {
    struct hd_event event;
    int first;       /* written before the first setter's set */
    int second;      /* written before the second setter's set */
    bool is_second;  /* atomic: the second setter's set has returned */
    int ended;       /* atomic: waits that have returned */
    int outcomes[2]; /* each written by one thread: the result of its timed wait */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_event_init(&shared->event);
    hd_history_begin(&shared->event, &hd_specification_event, 0);
}

static void set_event(struct shared *shared)
{
    hd_history_call(&shared->event, HD_OP_SET, 0);
    hd_event_set(&shared->event);
    hd_history_return(&shared->event, HD_OK, 0);
}

static void wait_event(struct shared *shared)
{
    hd_history_call(&shared->event, HD_OP_WAIT, 0);
    hd_event_wait(&shared->event);
    hd_history_return(&shared->event, HD_OK, 0);
}

static void set(void *state)
{
    struct shared *shared = state;

    shared->first = 1;
    set_event(shared);
}

static void wait(void *state)
{
    struct shared *shared = state;

    wait_event(shared);
    HD_EXPECT(shared->first == 1);
    HD_EXPECT(hd_event_is_set(&shared->event));
}

const struct hd_scenario hd_scenario_event = {
    .summary = "a set wakes both waiters and publishes to them",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait, wait, set},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* A wait that has gone to sleep before the set must end though the event is cleared at once. */
static void set_and_clear(void *state)
{
    struct shared *shared = state;

    if ((__atomic_load_n(&shared->event.word, __ATOMIC_RELAXED) & WAITERS_BIT) != 0) {
        set_event(shared);
        hd_history_call(&shared->event, HD_OP_CLEAR, 0);
        hd_event_clear(&shared->event);
        hd_history_return(&shared->event, HD_OK, 0);
    } else {
        set_event(shared);
    }
}

static void wait_only(void *state) { wait_event(state); }

const struct hd_scenario hd_scenario_event_cleared = {
    .summary = "a set that is cleared at once ends the wait that began before it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_only, set_and_clear},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void set_second(void *state)
{
    struct shared *shared = state;

    shared->second = 1;
    set_event(shared);
    /* Relaxed: that the set is seen, and not this flag, must order the read of `second`. */
    __atomic_store_n(&shared->is_second, true, __ATOMIC_RELAXED);
}

static void look(void *state)
{
    struct shared *shared = state;
    bool is_second = __atomic_load_n(&shared->is_second, __ATOMIC_RELAXED);

    wait_event(shared);
    if (is_second) {
        HD_EXPECT(shared->second == 1);
    }
}

const struct hd_scenario hd_scenario_event_set_twice = {
    .summary = "the set of an event that is set already publishes too",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {set, set_second, look},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void wait_until(struct shared *shared, int *outcome)
{
    hd_history_call(&shared->event, HD_OP_WAIT, 0);
    *outcome = (int)hd_event_wait_until(&shared->event, hd_clock_after_ns(1000));
    hd_history_return(&shared->event, *outcome, 0);
    HD_EXPECT(*outcome == HD_OK || *outcome == HD_TIMEOUT);
    if (*outcome == HD_OK) {
        HD_EXPECT(shared->first == 1);
    }
}

static void wait_until_0(void *state)
{
    struct shared *shared = state;

    wait_until(shared, &shared->outcomes[0]);
}

static void wait_until_1(void *state)
{
    struct shared *shared = state;

    wait_until(shared, &shared->outcomes[1]);
}

const struct hd_scenario hd_scenario_event_timed = {
    .summary = "timed waits end in time or after the set",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_until_0, wait_until_1, set},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void wait_and_destroy(void *state)
{
    struct shared *shared = state;

    wait_event(shared);
    /* Both: the other wait has ended before. Pairs with itself in the other waiter. */
    if (__atomic_add_fetch(&shared->ended, 1, __ATOMIC_ACQ_REL) == 2) {
        hd_event_destroy(&shared->event);
        memset(&shared->event, 0xff, sizeof(shared->event));
    }
}

const struct hd_scenario hd_scenario_event_destroyed = {
    .summary = "the last waiter destroys the event and re-uses its memory",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_and_destroy, wait_and_destroy, set},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
