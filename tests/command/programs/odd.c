/*
 * Programs that the engine cannot follow: one that differs each time, two that never end; and one
 * that it must not follow for ever.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include <heddle/check.h>

#include "tests/command/programs/outside.h"

#define SELDOM 7U

static void fail_at_times(void *state)
{
    (void)state;
    HD_EXPECT(hd_outside_count() % SELDOM != 0);
}

const struct hd_scenario hd_scenario_odd_fickle = {
    .summary = "fails in every seventh execution, whatever is chosen",
    .threads = {fail_at_times},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};

static void loop_for_ever(void *state)
{
    (void)state;
    for (;;) {
        __asm__ volatile("");
    }
}

const struct hd_scenario hd_scenario_odd_endless = {
    .summary = "a thread that loops and touches nothing",
    .threads = {loop_for_ever},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void read_from_nobody(void *state)
{
    int ends[2];
    char byte;

    (void)state;
    HD_EXPECT(pipe(ends) == 0);
    HD_EXPECT(read(ends[0], &byte, 1) == 0);
}

const struct hd_scenario hd_scenario_odd_reading = {
    .summary = "a thread that waits for what nobody writes",
    .threads = {read_from_nobody},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

struct flag {
    int message;
    int is_set; /* plain, as the message is: both race */
    int seen;   /* written by who waits only */
};

static void set_flag(void *state)
{
    struct flag *flag = state;

    flag->message = 7;
    flag->is_set = 1;
}

static void wait_for_flag(void *state)
{
    struct flag *flag = state;

    while (flag->is_set == 0) {
        (void)sched_yield();
    }
    flag->seen = flag->message;
}

const struct hd_scenario hd_scenario_odd_plain_flag = {
    .summary = "who waits yields, for a flag that is set after a message",
    .state_size = sizeof(struct flag),
    .threads = {set_flag, wait_for_flag},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

/* Two retries are enough on the machines that its author knows. */
static void exchange_thrice(void *state)
{
    atomic_int *word = state;
    int expected = 0;

    HD_EXPECT(atomic_compare_exchange_weak(word, &expected, 1) ||
              atomic_compare_exchange_weak(word, &expected, 1) ||
              atomic_compare_exchange_weak(word, &expected, 1));
}

const struct hd_scenario hd_scenario_odd_unlucky = {
    .summary = "wrong where a weak compare-and-exchange fails three times",
    .state_size = sizeof(atomic_int),
    .threads = {exchange_thrice},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
