/*
 * Concurrency Kit's bytelock, explored: writers are alone.
 *
 * Readers set a byte each, and the writer reads eight of them as one word. C11 orders no two
 * atomics of different size unless, as race detectors see it, they have the same address; so each
 * thread has the first byte of a word of its own. tests/reference/known_races/ shows the others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdint.h>

#include <ck_bytelock.h>

#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    ck_bytelock_t rwlock;
    int x; /* under rwlock; equal to y */
    int y; /* under rwlock */
};

/* Slots count from 1. */
static unsigned slot(unsigned self) { return 1 + self * (unsigned)sizeof(uint64_t); }

static void setup(void *state)
{
    struct shared *shared = state;

    ck_bytelock_init(&shared->rwlock);
    hd_history_begin(&shared->rwlock, &hd_specification_rwlock, 0);
}

static void read_both(struct shared *shared, unsigned self)
{
    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE_SHARED, 0);
    ck_bytelock_read_lock(&shared->rwlock, slot(self));
    hd_history_return(&shared->rwlock, HD_OK, 0);
    HD_EXPECT(shared->x == shared->y);
    hd_history_call(&shared->rwlock, HD_OP_RELEASE_SHARED, 0);
    ck_bytelock_read_unlock(&shared->rwlock, slot(self));
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

static void write_both(struct shared *shared, unsigned self)
{
    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE, 0);
    ck_bytelock_write_lock(&shared->rwlock, slot(self));
    hd_history_return(&shared->rwlock, HD_OK, 0);
    shared->x++;
    shared->y++;
    hd_history_call(&shared->rwlock, HD_OP_RELEASE, 0);
    ck_bytelock_write_unlock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

static void read_as_0(void *state) { read_both(state, 0); }

static void read_as_1(void *state) { read_both(state, 1); }

static void write_as_1(void *state) { write_both(state, 1); }

static void write_as_2(void *state) { write_both(state, 2); }

static void check_one(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->x == 1 && shared->y == 1);
}

static void check_two(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->x == 2 && shared->y == 2);
}

const struct hd_scenario hd_scenario_ck_bytelock = {
    .summary = "two readers and a writer under CK's bytelock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_as_0, read_as_1, write_as_2},
    .check = check_one,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_bytelock_writers = {
    .summary = "a reader and two writers under CK's bytelock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_as_0, write_as_1, write_as_2},
    .check = check_two,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
