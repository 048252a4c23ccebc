/*
 * Barrier with a party missing: who finds no work goes home, and is waited for.
 *
 * Bug      Both threads are parties of the barrier. If one takes all the work, the other one
 *          returns without coming to the barrier, and the first waits there for ever.
 * Needs    2 threads, 0 preemptions: one thread takes all parts before the other one comes.
 * Fix      Come to the barrier also without work.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/barrier.h>
#include <heddle/check.h>

#define PARTIES 2
#define PARTS 2

struct shared {
    struct hd_barrier all_done;
    int taken; /* atomic: parts that are being done, or were */
    int done;  /* atomic: parts that were done */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_barrier_init(&shared->all_done, PARTIES, NULL, NULL) == HD_OK);
}

/* Relaxed, all three: the barrier orders what is done before what is seen. */
static bool do_part(struct shared *shared)
{
    if (__atomic_fetch_add(&shared->taken, 1, __ATOMIC_RELAXED) >= PARTS) {
        return false;
    }
    (void)__atomic_fetch_add(&shared->done, 1, __ATOMIC_RELAXED);
    return true;
}

static void wait_for_all(struct shared *shared)
{
    HD_EXPECT(hd_barrier_wait(&shared->all_done, NULL) == HD_OK); /* finding */
    HD_EXPECT(__atomic_load_n(&shared->done, __ATOMIC_RELAXED) == PARTS);
}

static void work(void *state)
{
    struct shared *shared = state;

    if (!do_part(shared)) {
        return;
    }
    (void)do_part(shared);
    wait_for_all(shared);
}

static void work_and_come(void *state)
{
    struct shared *shared = state;

    if (do_part(shared)) {
        (void)do_part(shared);
    }
    wait_for_all(shared);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->done == PARTS);
}

const struct hd_scenario hd_scenario_barrier_party_missing = {
    .summary = "a thread without work does not come to the barrier",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {work, work},
    .fixed = {work_and_come, work_and_come},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
