/*
 * Semaphore, explored: never more inside than there are units, none lost, and what a release
 * publishes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/semaphore.h>

struct shared {
    struct hd_semaphore semaphore;
    int inside;    /* atomic: threads that hold a unit */
    int message;   /* written before a release, read after the acquire of its unit */
    int successes; /* atomic: timed acquires that took a unit */
};

static void begin(struct shared *shared, uint32_t units)
{
    HD_EXPECT(hd_semaphore_init(&shared->semaphore, units) == HD_OK);
    hd_history_begin(&shared->semaphore, &hd_specification_semaphore, units);
}

static void setup_empty(void *state) { begin(state, 0); }

static void setup_one(void *state) { begin(state, 1); }

static void setup_two(void *state) { begin(state, 2); }

static void acquire(struct shared *shared)
{
    hd_history_call(&shared->semaphore, HD_OP_ACQUIRE, 0);
    hd_semaphore_acquire(&shared->semaphore);
    hd_history_return(&shared->semaphore, HD_OK, 0);
}

static void release(struct shared *shared, uint32_t units)
{
    hd_history_call(&shared->semaphore, HD_OP_RELEASE, units);
    enum hd_result result = hd_semaphore_release(&shared->semaphore, units);

    hd_history_return(&shared->semaphore, (int)result, 0);
    HD_EXPECT(result == HD_OK);
}

/* Relaxed: they only count; the semaphore keeps the count small. */
static int enter(struct shared *shared)
{
    return __atomic_add_fetch(&shared->inside, 1, __ATOMIC_RELAXED);
}

static void leave(struct shared *shared)
{
    (void)__atomic_sub_fetch(&shared->inside, 1, __ATOMIC_RELAXED);
}

static void use_unit(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    HD_EXPECT(enter(shared) <= 2);
    leave(shared);
    release(shared, 1);
}

static void check_two_free(const void *state)
{
    HD_EXPECT(hd_semaphore_value(&((const struct shared *)state)->semaphore) == 2);
}

const struct hd_scenario hd_scenario_semaphore = {
    .summary = "three threads share two units",
    .state_size = sizeof(struct shared),
    .setup = setup_two,
    .threads = {use_unit, use_unit, use_unit},
    .check = check_two_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void count_with_one(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    shared->message++;
    release(shared, 1);
}

static void check_count(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->message == 3);
}

const struct hd_scenario hd_scenario_semaphore_as_lock = {
    .summary = "three threads count while they hold the only unit",
    .state_size = sizeof(struct shared),
    .setup = setup_one,
    .threads = {count_with_one, count_with_one, count_with_one},
    .check = check_count,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void write_and_release_two(void *state)
{
    struct shared *shared = state;

    shared->message = 1;
    release(shared, 2);
}

static void acquire_and_read(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    HD_EXPECT(shared->message == 1);
}

static void check_none_free(const void *state)
{
    HD_EXPECT(hd_semaphore_value(&((const struct shared *)state)->semaphore) == 0);
}

const struct hd_scenario hd_scenario_semaphore_many = {
    .summary = "one release of two units lets two threads go, and publishes to both",
    .state_size = sizeof(struct shared),
    .setup = setup_empty,
    .threads = {acquire_and_read, acquire_and_read, write_and_release_two},
    .check = check_none_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void acquire_until(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->semaphore, HD_OP_ACQUIRE, 0);
    result = hd_semaphore_acquire_until(&shared->semaphore, hd_clock_after_ns(1000));
    hd_history_return(&shared->semaphore, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    if (result == HD_OK) {
        (void)__atomic_add_fetch(&shared->successes, 1, __ATOMIC_RELAXED);
    }
}

static void try(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->semaphore, HD_OP_ACQUIRE, 0);
    result = hd_semaphore_try_acquire(&shared->semaphore);
    hd_history_return(&shared->semaphore, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_BUSY);
    if (result == HD_OK) {
        (void)__atomic_add_fetch(&shared->successes, 1, __ATOMIC_RELAXED);
    }
}

static void release_one(void *state) { release(state, 1); }

static void check_units(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_semaphore_value(&shared->semaphore) + (uint32_t)shared->successes == 1);
}

const struct hd_scenario hd_scenario_semaphore_timed = {
    .summary = "a unit that a timed acquire and a try compete for is neither lost nor doubled",
    .state_size = sizeof(struct shared),
    .setup = setup_empty,
    .threads = {acquire_until, try, release_one},
    .check = check_units,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void acquire_both_until(void *state)
{
    acquire_until(state);
    acquire_until(state);
}

const struct hd_scenario hd_scenario_semaphore_late = {
    .summary = "two threads whose deadlines come compete for one unit",
    .state_size = sizeof(struct shared),
    .setup = setup_empty,
    .threads = {acquire_both_until, acquire_until, release_one},
    .check = check_units,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Whoever took the last unit that anybody will release may destroy the semaphore at once. */
static void acquire_and_destroy(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    hd_semaphore_destroy(&shared->semaphore);
    memset(&shared->semaphore, 0xff, sizeof(shared->semaphore));
}

const struct hd_scenario hd_scenario_semaphore_destroyed = {
    .summary = "who takes the last unit destroys the semaphore and re-uses its memory",
    .state_size = sizeof(struct shared),
    .setup = setup_empty,
    .threads = {acquire_and_destroy, release_one},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
