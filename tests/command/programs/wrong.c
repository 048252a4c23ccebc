/*
 * Scenarios that are not as they declare.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

#define RARE 20000

struct shared {
    pthread_mutex_t lock;
    int counter;
    int other;
};

static void increment(void *state) { ((struct shared *)state)->counter++; /* finding */ }

static void increment_other(void *state) { ((struct shared *)state)->other++; }

static void do_nothing(void *state) { (void)state; }

const struct hd_scenario hd_scenario_wrong_verdict = {
    .summary = "declares a deadlock, has a race",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};

const struct hd_scenario hd_scenario_wrong_nothing = {
    .summary = "declares a race, has none",
    .state_size = sizeof(struct shared),
    .threads = {increment, do_nothing},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

const struct hd_scenario hd_scenario_wrong_place = {
    .summary = "the race is at a line that is not marked",
    .state_size = sizeof(struct shared),
    .threads = {increment_other, increment_other},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

const struct hd_scenario hd_scenario_wrong_twin = {
    .summary = "the repair repairs nothing",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .fixed = {increment, increment, do_nothing},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

const struct hd_scenario hd_scenario_wrong_clean = {
    .summary = "declared clean, has a race",
    .state_size = sizeof(struct shared),
    .threads = {increment, increment},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void fail_rarely(void *state)
{
    (void)state;
    HD_EXPECT(hd_choose(RARE) != 1); /* finding */
}

const struct hd_scenario hd_scenario_wrong_rare = {
    .summary = "fails so seldom that a test of it would be luck",
    .threads = {fail_rarely},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
