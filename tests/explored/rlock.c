/*
 * Reentrant lock, explored: mutual exclusion at any depth, and who owns it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/rlock.h>

struct shared {
    struct hd_rlock lock;
    int counter;   /* under lock */
    int successes; /* under lock: tries and timed acquires that took it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_rlock_init(&shared->lock);
    hd_history_begin(&shared->lock, &hd_specification_rlock, 0);
}

static enum hd_result acquire(struct shared *shared)
{
    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    enum hd_result result = hd_rlock_acquire(&shared->lock);

    hd_history_return(&shared->lock, (int)result, 0);
    return result;
}

static enum hd_result release(struct shared *shared)
{
    hd_history_call(&shared->lock, HD_OP_RELEASE, 0);
    enum hd_result result = hd_rlock_release(&shared->lock);

    hd_history_return(&shared->lock, (int)result, 0);
    return result;
}

static void count_nested(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire(shared) == HD_OK);
    HD_EXPECT(acquire(shared) == HD_OK);
    HD_EXPECT(hd_rlock_depth(&shared->lock) == 2);
    shared->counter++;
    HD_EXPECT(release(shared) == HD_OK);
    HD_EXPECT(hd_rlock_is_owned(&shared->lock));
    shared->counter++;
    HD_EXPECT(release(shared) == HD_OK);
    HD_EXPECT(!hd_rlock_is_owned(&shared->lock));
}

static void check_counter(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == 4);
    HD_EXPECT(!hd_rlock_is_locked(&shared->lock));
}

const struct hd_scenario hd_scenario_rlock = {
    .summary = "two threads count under a reentrant lock, two levels deep",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_nested, count_nested},
    .check = check_counter,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void release_as_stranger(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(!hd_rlock_is_owned(&shared->lock));
    HD_EXPECT(release(shared) == HD_NOT_OWNER);
    HD_EXPECT(hd_rlock_depth(&shared->lock) == 0);
}

const struct hd_scenario hd_scenario_rlock_stranger = {
    .summary = "a thread that does not hold a reentrant lock is refused its release",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_nested, count_nested, release_as_stranger},
    .check = check_counter,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void count_if_taken(struct shared *shared, enum hd_result result)
{
    if (result == HD_OK) {
        shared->counter++;
        shared->successes++;
        HD_EXPECT(release(shared) == HD_OK);
    }
}

static void try(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    result = hd_rlock_try_acquire(&shared->lock);
    hd_history_return(&shared->lock, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_BUSY);
    count_if_taken(shared, result);
}

static void try_until(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    result = hd_rlock_acquire_until(&shared->lock, hd_clock_after_ns(1000));
    hd_history_return(&shared->lock, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    count_if_taken(shared, result);
}

static void check_successes(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == shared->successes + 2);
    HD_EXPECT(!hd_rlock_is_locked(&shared->lock));
}

const struct hd_scenario hd_scenario_rlock_timed = {
    .summary = "one holds a reentrant lock, one tries, one tries until a deadline",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_nested, try, try_until},
    .check = check_successes,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
