/*
 * Redial until both wait: two callers find each other engaged until both wait to be called.
 *
 * Bug      Whoever finds the other in the same try hangs up and tries again; after the last try it
 *          waits to be called. If the two cross in each try, both wait.
 * Needs    2 threads, 9 preemptions: in each of five tries both have picked up before either of
 *          them looks, and both look before either of them tries again.
 * Fix      Only one of them tries again: the other waits to be called.
 * Source   Glare, in telephony: both ends of a line seize it at once; Q.764 has one exchange
 *          control it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <semaphore.h>
#include <stdint.h>

#include <heddle/check.h>

#define CALLERS 2
#define TRIES 5

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
struct shared {
    uint32_t tries[CALLERS]; /* atomic: of each, the one that it is in */
    sem_t calls[CALLERS];    /* to each */
};

static void setup(void *state)
{
    struct shared *shared = state;

    for (int caller = 0; caller < CALLERS; caller++) {
        HD_EXPECT(sem_init(&shared->calls[caller], 0, 0) == 0);
    }
}

static void call(struct shared *shared, int caller, uint32_t tries)
{
    int other = 1 - caller;
    uint32_t found = 0;
    uint32_t try = 0;

    do {
        try++;
        __atomic_store_n(&shared->tries[caller], try, __ATOMIC_SEQ_CST);
        found = __atomic_load_n(&shared->tries[other], __ATOMIC_SEQ_CST);
    } while (found == try && try < tries);
    if (found < try) {
        (void)sem_post(&shared->calls[other]);
    } else {
        (void)sem_wait(&shared->calls[caller]); /* finding */
    }
}

static void call_from_one_end(void *state) { call(state, 0, TRIES); }

static void call_from_the_other_end(void *state) { call(state, 1, TRIES); }

static void call_once(void *state) { call(state, 1, 1); }

const struct hd_scenario hd_scenario_redial_until_both_wait = {
    .summary = "two callers who find each other engaged at each try",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {call_from_one_end, call_from_the_other_end},
    .fixed = {call_from_one_end, call_once},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
