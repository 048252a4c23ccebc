/*
 * Bounded semaphore, explored: never more inside than units, never more free than the bound.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/bounded_semaphore.h>
#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    struct hd_bounded_semaphore semaphore;
    int counter;   /* under the only unit */
    int overflows; /* atomic: releases that were refused */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_bounded_semaphore_init(&shared->semaphore, 1) == HD_OK);
    hd_history_begin(&shared->semaphore, &hd_specification_bounded_semaphore, 1);
}

static void acquire(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->semaphore, HD_OP_ACQUIRE, 0);
    hd_bounded_semaphore_acquire(&shared->semaphore);
    hd_history_return(&shared->semaphore, HD_OK, 0);
}

static enum hd_result release_one(struct shared *shared)
{
    hd_history_call(&shared->semaphore, HD_OP_RELEASE, 1);
    enum hd_result result = hd_bounded_semaphore_release(&shared->semaphore, 1);

    hd_history_return(&shared->semaphore, (int)result, 0);
    return result;
}

static void count(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    shared->counter++;
    HD_EXPECT(release_one(shared) == HD_OK);
}

static void check_count(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == 3);
    HD_EXPECT(hd_bounded_semaphore_value(&shared->semaphore) == 1);
}

const struct hd_scenario hd_scenario_bounded_semaphore = {
    .summary = "three threads count while they hold the only unit",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count, count, count},
    .check = check_count,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void release(void *state)
{
    struct shared *shared = state;
    enum hd_result result = release_one(shared);

    HD_EXPECT(result == HD_OK || result == HD_OVERFLOW);
    if (result == HD_OVERFLOW) {
        (void)__atomic_add_fetch(&shared->overflows, 1, __ATOMIC_RELAXED);
    }
}

/* Two releases to one acquire: one of them comes too early or is one too many. */
static void check_bound(const void *state)
{
    const struct shared *shared = state;
    uint32_t free_units = hd_bounded_semaphore_value(&shared->semaphore);

    HD_EXPECT(shared->overflows == 1 || shared->overflows == 2);
    HD_EXPECT(free_units == (shared->overflows == 1 ? 1U : 0U));
}

const struct hd_scenario hd_scenario_bounded_semaphore_overflow = {
    .summary = "releases compete for the room that one acquire makes",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {acquire, release, release},
    .check = check_bound,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
