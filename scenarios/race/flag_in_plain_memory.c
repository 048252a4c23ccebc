/*
 * Flag in plain memory: one thread signals another by a variable that is not atomic.
 *
 * Bug      Data races on `is_ready` and on `message`: a plain store publishes nothing. A compiler
 *          may read the flag once and spin for ever, and a weaker memory shows the flag before the
 *          message.
 * Needs    2 threads; 0 preemptions for the race. Check cannot fail under sequential consistency.
 * Fix      Store the flag with release, load it with acquire.
 * Source   Textbook; Boehm, "How to miscompile programs with 'benign' data races", HotPar 2011.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>
#include <stdbool.h>

#include <heddle/check.h>

struct shared {
    bool is_ready; /* atomic, in the repaired twin */
    int message;   /* constant once `is_ready` is set */
    int seen;      /* written by the receiver only */
};

static void send(void *state)
{
    struct shared *shared = state;

    shared->message = 7;     /* finding */
    shared->is_ready = true; /* finding */
}

static void receive(void *state)
{
    struct shared *shared = state;

    while (!shared->is_ready) { /* finding */
        (void)sched_yield();
    }
    shared->seen = shared->message; /* finding */
}

static void send_released(void *state)
{
    struct shared *shared = state;

    shared->message = 7;
    /* Release: publishes message. Pairs with the acquire load in receive_acquired(). */
    __atomic_store_n(&shared->is_ready, true, __ATOMIC_RELEASE);
}

static void receive_acquired(void *state)
{
    struct shared *shared = state;

    /* Acquire: pairs with the release store in send_released(). */
    while (!__atomic_load_n(&shared->is_ready, __ATOMIC_ACQUIRE)) {
        (void)sched_yield();
    }
    shared->seen = shared->message;
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->seen == 7);
}

const struct hd_scenario hd_scenario_flag_in_plain_memory = {
    .summary = "a thread waits for a plain variable to change",
    .state_size = sizeof(struct shared),
    .threads = {send, receive},
    .fixed = {send_released, receive_acquired},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
