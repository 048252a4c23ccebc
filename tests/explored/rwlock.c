/*
 * Reader-writer lock, explored: writers are alone, readers are not held up for nothing, writers
 * come first, and nobody is left behind by one who gives up.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/event.h>
#include <heddle/history.h>
#include <heddle/rwlock.h>

#define WAITERS_BIT (1U << 30) /* of hd_rwlock.state: set while somebody waits */

struct shared {
    struct hd_rwlock rwlock;
    struct hd_event is_read; /* set by the reader that the other one waits for */
    int x;                   /* under rwlock; equal to y */
    int y;                   /* under rwlock */
    int users;               /* under rwlock, exclusively: threads that have had it */
    int releases;            /* atomic: releases that were not refused */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_rwlock_init(&shared->rwlock);
    hd_event_init(&shared->is_read);
    hd_history_begin(&shared->rwlock, &hd_specification_rwlock, 0);
}

typedef enum hd_result operate(struct hd_rwlock *rwlock);

/* Carry out one operation and record it. */
static enum hd_result record(struct shared *shared, enum hd_operation_code code, operate *function)
{
    hd_history_call(&shared->rwlock, (uint32_t)code, 0);
    enum hd_result result = function(&shared->rwlock);

    hd_history_return(&shared->rwlock, (int)result, 0);
    return result;
}

static enum hd_result acquire_exclusive(struct shared *shared)
{
    return record(shared, HD_OP_ACQUIRE, hd_rwlock_acquire_exclusive);
}

static enum hd_result acquire_shared(struct shared *shared)
{
    return record(shared, HD_OP_ACQUIRE_SHARED, hd_rwlock_acquire_shared);
}

static enum hd_result acquire_exclusive_in_time(struct hd_rwlock *rwlock)
{
    return hd_rwlock_acquire_exclusive_until(rwlock, hd_clock_after_ns(1000));
}

static enum hd_result acquire_shared_in_time(struct hd_rwlock *rwlock)
{
    return hd_rwlock_acquire_shared_until(rwlock, hd_clock_after_ns(1000));
}

static void release_shared(struct shared *shared)
{
    HD_EXPECT(record(shared, HD_OP_RELEASE_SHARED, hd_rwlock_release_shared) == HD_OK);
}

static void release_exclusive(struct shared *shared)
{
    HD_EXPECT(record(shared, HD_OP_RELEASE, hd_rwlock_release_exclusive) == HD_OK);
}

static void read_both(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_shared(shared) == HD_OK);
    HD_EXPECT(shared->x == shared->y);
    release_shared(shared);
}

static void write_both(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_exclusive(shared) == HD_OK);
    shared->x++;
    shared->y++;
    release_exclusive(shared);
}

static void check_free(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->rwlock.state == 0 && shared->x == shared->y);
}

const struct hd_scenario hd_scenario_rwlock = {
    .summary = "two readers and a writer",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, read_both, write_both},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_rwlock_writers = {
    .summary = "a reader and two writers",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, write_both, write_both},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void write_then_read(void *state)
{
    write_both(state);
    read_both(state);
}

const struct hd_scenario hd_scenario_rwlock_both = {
    .summary = "two threads write, then read",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {write_then_read, write_then_read},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* The lock is held shared and somebody waits: that is the writer, for a reader would not wait. */
static void hold_shared_until_writer_waits(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_shared(shared) == HD_OK);
    if ((__atomic_load_n(&shared->rwlock.state, __ATOMIC_RELAXED) & WAITERS_BIT) != 0) {
        HD_EXPECT(record(shared, HD_OP_ACQUIRE_SHARED, hd_rwlock_try_acquire_shared) == HD_BUSY);
    }
    release_shared(shared);
}

const struct hd_scenario hd_scenario_rwlock_writer_first = {
    .summary = "a reader does not get in while a writer waits",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {hold_shared_until_writer_waits, write_both, write_both},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void write_until(void *state)
{
    struct shared *shared = state;
    enum hd_result result = record(shared, HD_OP_ACQUIRE, acquire_exclusive_in_time);

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    if (result == HD_OK) {
        shared->x++;
        shared->y++;
        release_exclusive(shared);
    }
}

const struct hd_scenario hd_scenario_rwlock_timed = {
    .summary = "a writer that gives up does not leave the reader behind it waiting",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, read_both, write_until},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Keeps the lock shared until the other reader has had it: so that one must not wait for this. */
static void read_until_other_has(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_shared(shared) == HD_OK);
    hd_event_wait(&shared->is_read);
    release_shared(shared);
}

static void read_and_tell(void *state)
{
    read_both(state);
    hd_event_set(&((struct shared *)state)->is_read);
}

const struct hd_scenario hd_scenario_rwlock_given_up = {
    .summary = "readers behind a writer that gives up join those that hold the lock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_until_other_has, read_and_tell, write_until},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void read_until(void *state)
{
    struct shared *shared = state;
    enum hd_result result = record(shared, HD_OP_ACQUIRE_SHARED, acquire_shared_in_time);

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    if (result == HD_OK) {
        HD_EXPECT(shared->x == shared->y);
        release_shared(shared);
    }
}

const struct hd_scenario hd_scenario_rwlock_timed_reader = {
    .summary = "a reader and a writer with deadlines, and a writer without",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_until, write_until, write_both},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void acquire_wrongly(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_exclusive(shared) == HD_OK);
    HD_EXPECT(acquire_exclusive(shared) == HD_WOULD_DEADLOCK);
    HD_EXPECT(acquire_shared(shared) == HD_WOULD_DEADLOCK);
    HD_EXPECT(record(shared, HD_OP_RELEASE_SHARED, hd_rwlock_release_shared) == HD_NOT_OWNER);
    release_exclusive(shared);
}

static void release_wrongly(void *state)
{
    HD_EXPECT(record(state, HD_OP_RELEASE, hd_rwlock_release_exclusive) == HD_NOT_OWNER);
}

const struct hd_scenario hd_scenario_rwlock_misuse = {
    .summary = "acquires and releases that make no sense are refused, whatever the others do",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {acquire_wrongly, release_wrongly, write_both},
    .check = check_free,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* The last holder may destroy it as soon as its own release has returned. */
static void write_and_destroy(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(acquire_exclusive(shared) == HD_OK);
    bool is_last = ++shared->users == 2;
    release_exclusive(shared);
    if (is_last) {
        hd_rwlock_destroy(&shared->rwlock);
        memset(&shared->rwlock, 0xff, sizeof(shared->rwlock));
    }
}

const struct hd_scenario hd_scenario_rwlock_destroyed = {
    .summary = "the second of two writers destroys the lock and re-uses its memory",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {write_and_destroy, write_and_destroy},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_held_shared(void *state)
{
    struct shared *shared = state;

    setup(shared);
    HD_EXPECT(record(shared, HD_OP_ACQUIRE_SHARED, hd_rwlock_try_acquire_shared) == HD_OK);
}

static void release_the_hold(void *state)
{
    struct shared *shared = state;
    enum hd_result result = record(shared, HD_OP_RELEASE_SHARED, hd_rwlock_release_shared);

    HD_EXPECT(result == HD_OK || result == HD_NOT_OWNER);
    if (result == HD_OK) {
        (void)__atomic_add_fetch(&shared->releases, 1, __ATOMIC_RELAXED);
    }
}

static void check_released_once(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->releases == 1 && shared->rwlock.state == 0);
}

const struct hd_scenario hd_scenario_rwlock_released_twice = {
    .summary = "two threads give up the same hold: one of them is refused",
    .state_size = sizeof(struct shared),
    .setup = setup_held_shared,
    .threads = {release_the_hold, release_the_hold, write_until},
    .check = check_released_once,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
