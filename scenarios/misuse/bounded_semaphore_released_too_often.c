/*
 * Bounded semaphore released too often: a thread that could not get a slot gives one back all the
 * same.
 *
 * Bug      The release is outside the branch of who got the slot. What bounds the semaphore notices
 *          if no other slot is in use at that moment; an unbounded one would have a slot too many.
 * Needs    2 threads, 1 preemption: while one thread has the slot, the other one tries.
 * Fix      Release only what was acquired.
 * Source   Python's threading.BoundedSemaphore raises a ValueError for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/bounded_semaphore.h>
#include <heddle/check.h>

struct shared {
    struct hd_bounded_semaphore slots;
};

static void setup(void *state)
{
    HD_EXPECT(hd_bounded_semaphore_init(&((struct shared *)state)->slots, 1) == HD_OK);
}

static void use_slot(void *state)
{
    struct shared *shared = state;

    (void)(hd_bounded_semaphore_try_acquire(&shared->slots) == HD_OK);
    HD_EXPECT(hd_bounded_semaphore_release(&shared->slots, 1) == HD_OK); /* finding */
}

static void use_slot_if_any(void *state)
{
    struct shared *shared = state;

    if (hd_bounded_semaphore_try_acquire(&shared->slots) == HD_OK) {
        HD_EXPECT(hd_bounded_semaphore_release(&shared->slots, 1) == HD_OK);
    }
}

const struct hd_scenario hd_scenario_bounded_semaphore_released_too_often = {
    .summary = "a slot given back that was never taken",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {use_slot, use_slot},
    .fixed = {use_slot_if_any, use_slot_if_any},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
