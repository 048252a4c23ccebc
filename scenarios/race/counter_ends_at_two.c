/*
 * Counter ends at two: of many increments by two threads, two are left.
 *
 * Bug      Each thread loads, adds and stores, in two atomic steps. One loads 0 and stops until the
 *          other has but one increment to make; it stores 1, which that one loads; it makes all of
 *          its others, and over them the last store puts 2.
 * Needs    2 threads, 4 preemptions: each thread twice between a load and a store, or after it.
 * Fix      One atomic step.
 * Source   Ben-Ari, Principles of Concurrent and Distributed Programming, 2006, chapter 2, there
 *          with ten increments each.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#define INCREMENTS 5

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
struct shared {
    int counter; /* atomic */
};

static void count(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < INCREMENTS; i++) {
        int counter = __atomic_load_n(&shared->counter, __ATOMIC_SEQ_CST);

        __atomic_store_n(&shared->counter, counter + 1, __ATOMIC_SEQ_CST);
    }
}

static void count_in_one_step(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < INCREMENTS; i++) {
        (void)__atomic_fetch_add(&shared->counter, 1, __ATOMIC_SEQ_CST);
    }
}

static void check(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->counter > 2); /* finding */
}

const struct hd_scenario hd_scenario_counter_ends_at_two = {
    .summary = "all increments of two threads but two are lost",
    .state_size = sizeof(struct shared),
    .threads = {count, count},
    .fixed = {count_in_one_step, count_in_one_step},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
