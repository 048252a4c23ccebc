/*
 * Lock, explored: mutual exclusion, tries, deadlines, release by another thread, and its lifetime.
 *
 * The counters are plain, so the race detector judges whether the lock orders those who hold it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/lock.h>

#define ERRNO_BEFORE 7

struct shared {
    struct hd_lock lock;
    int counter;    /* under lock */
    int successes;  /* under lock: tries and timed acquires that took it */
    bool is_passed; /* under lock: the thread that acquired has left it to the other one */
    int users;      /* under lock: threads that have had it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
    hd_history_begin(&shared->lock, &hd_specification_lock, 0);
}

static void acquire(struct shared *shared)
{
    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    hd_lock_acquire(&shared->lock);
    hd_history_return(&shared->lock, HD_OK, 0);
}

static void release(struct shared *shared)
{
    hd_history_call(&shared->lock, HD_OP_RELEASE, 0);
    enum hd_result result = hd_lock_release(&shared->lock);

    hd_history_return(&shared->lock, (int)result, 0);
    HD_EXPECT(result == HD_OK);
}

static void count(void *state)
{
    struct shared *shared = state;

    errno = ERRNO_BEFORE;
    acquire(shared);
    HD_EXPECT(hd_lock_is_locked(&shared->lock));
    shared->counter++;
    release(shared);
    HD_EXPECT(errno == ERRNO_BEFORE);
}

static void check_three(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == 3);
    HD_EXPECT(!hd_lock_is_locked(&shared->lock));
}

const struct hd_scenario hd_scenario_lock = {
    .summary = "three threads count under a lock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count, count, count},
    .check = check_three,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void count_twice(void *state)
{
    count(state);
    count(state);
}

static void check_four(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->counter == 4);
}

const struct hd_scenario hd_scenario_lock_again = {
    .summary = "two threads count under a lock, twice each",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_twice, count_twice},
    .check = check_four,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void count_if_taken(struct shared *shared, enum hd_result result)
{
    if (result == HD_OK) {
        shared->counter++;
        shared->successes++;
        release(shared);
    }
}

static void try(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    result = hd_lock_try_acquire(&shared->lock);
    hd_history_return(&shared->lock, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_BUSY);
    count_if_taken(shared, result);
}

static void try_until(void *state)
{
    struct shared *shared = state;
    enum hd_result result;

    hd_history_call(&shared->lock, HD_OP_ACQUIRE, 0);
    result = hd_lock_acquire_until(&shared->lock, hd_clock_after_ns(1000));
    hd_history_return(&shared->lock, (int)result, 0);

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    count_if_taken(shared, result);
}

static void check_successes(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->counter == shared->successes + 1);
    HD_EXPECT(!hd_lock_is_locked(&shared->lock));
}

const struct hd_scenario hd_scenario_lock_timed = {
    .summary = "one acquires, one tries, one tries until a deadline",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count, try, try_until},
    .check = check_successes,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Leaves the lock held: whoever sees `is_passed` releases it. */
static void acquire_and_pass(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    shared->counter++;
    __atomic_store_n(&shared->is_passed, true,
                     __ATOMIC_RELEASE); /* Pairs with the acquire below. */
}

static void release_passed(void *state)
{
    struct shared *shared = state;

    /* Acquire: pairs with the release in acquire_and_pass(). */
    if (__atomic_load_n(&shared->is_passed, __ATOMIC_ACQUIRE)) {
        shared->counter++;
        release(shared);
        HD_EXPECT(hd_lock_release(&shared->lock) == HD_NOT_OWNER);
    }
}

static void check_passed(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(hd_lock_is_locked(&shared->lock) == (shared->counter == 1));
}

const struct hd_scenario hd_scenario_lock_passed = {
    .summary = "one thread acquires, another releases",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {acquire_and_pass, release_passed},
    .check = check_passed,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Whoever comes second destroys the lock as soon as its own release has returned. */
static void use_and_destroy(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    bool is_last = ++shared->users == 2;
    release(shared);
    if (is_last) {
        hd_lock_destroy(&shared->lock);
        memset(&shared->lock, 0xff, sizeof(shared->lock));
    }
}

const struct hd_scenario hd_scenario_lock_destroyed_by_last = {
    .summary = "the second of two users destroys the lock and re-uses its memory",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {use_and_destroy, use_and_destroy},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
