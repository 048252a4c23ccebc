/*
 * Dining philosophers: each takes the fork at the left, then the one at the right.
 *
 * Bug      When all hold their left fork, each waits for the neighbour's.
 * Needs    3 threads, 1 preemption: the first philosopher is stopped after the left fork; then the
 *          third takes its own and waits for that one, the second its own and waits for the third.
 * Fix      The last one takes the right fork first: forks are then taken in one order by all.
 * Source   Dijkstra, "Hierarchical Ordering of Sequential Processes", 1971.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

#define PHILOSOPHERS 3

struct shared {
    struct hd_lock forks[PHILOSOPHERS];
    int uses[PHILOSOPHERS]; /* of each fork; under that fork */
};

static void setup(void *state)
{
    struct shared *shared = state;

    for (int fork = 0; fork < PHILOSOPHERS; fork++) {
        hd_lock_init(&shared->forks[fork]);
    }
}

static void eat(struct shared *shared, int first, int second)
{
    hd_lock_acquire(&shared->forks[first]);
    hd_lock_acquire(&shared->forks[second]); /* finding */
    shared->uses[first]++;
    shared->uses[second]++;
    HD_EXPECT(hd_lock_release(&shared->forks[second]) == HD_OK);
    HD_EXPECT(hd_lock_release(&shared->forks[first]) == HD_OK);
}

static void philosopher_0(void *state) { eat(state, 0, 1); }

static void philosopher_1(void *state) { eat(state, 1, 2); }

static void philosopher_2(void *state) { eat(state, 2, 0); }

static void philosopher_2_in_order(void *state) { eat(state, 0, 2); }

static void check(const void *state)
{
    const struct shared *shared = state;

    for (int fork = 0; fork < PHILOSOPHERS; fork++) {
        HD_EXPECT(shared->uses[fork] == 2);
    }
}

const struct hd_scenario hd_scenario_dining_philosophers = {
    .summary = "three philosophers hold a fork each and wait for the next",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {philosopher_0, philosopher_1, philosopher_2},
    .fixed = {philosopher_0, philosopher_1, philosopher_2_in_order},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
