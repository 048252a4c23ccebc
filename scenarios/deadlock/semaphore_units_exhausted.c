/*
 * Semaphore units exhausted: each thread needs two units and takes them one by one.
 *
 * Bug      There are two units. When each thread has one, both wait for a second, and neither gives
 *          its own back.
 * Needs    2 threads, 1 preemption: after one thread's first unit.
 * Fix      Only one thread at a time collects units.
 * Source   Textbook: hold and wait; connection pools are exhausted in this way.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>
#include <heddle/semaphore.h>

#define UNITS 2

struct shared {
    struct hd_semaphore connections;
    struct hd_lock collecting; /* in the repaired twin: held while units are taken */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_semaphore_init(&shared->connections, UNITS) == HD_OK);
    hd_lock_init(&shared->collecting);
}

static void copy_between_two(void *state)
{
    struct shared *shared = state;

    hd_semaphore_acquire(&shared->connections);
    hd_semaphore_acquire(&shared->connections); /* finding */
    HD_EXPECT(hd_semaphore_release(&shared->connections, UNITS) == HD_OK);
}

static void copy_between_two_in_turn(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->collecting);
    hd_semaphore_acquire(&shared->connections);
    hd_semaphore_acquire(&shared->connections);
    HD_EXPECT(hd_lock_release(&shared->collecting) == HD_OK);
    HD_EXPECT(hd_semaphore_release(&shared->connections, UNITS) == HD_OK);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_semaphore_value(&shared->connections) == UNITS);
}

const struct hd_scenario hd_scenario_semaphore_units_exhausted = {
    .summary = "two threads take two units each, one by one, of two",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {copy_between_two, copy_between_two},
    .fixed = {copy_between_two_in_turn, copy_between_two_in_turn},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
