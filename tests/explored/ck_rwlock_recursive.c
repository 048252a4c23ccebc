/*
 * Concurrency Kit's reader-writer lock whose writer may acquire again, explored: writers are alone,
 * at any depth.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_rwlock.h>

#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    ck_rwlock_recursive_t rwlock;
    int x; /* under rwlock; equal to y */
    int y; /* under rwlock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    ck_rwlock_init(&shared->rwlock.rw);
    hd_history_begin(&shared->rwlock, &hd_specification_rwlock, 0);
}

static void read_both(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE_SHARED, 0);
    ck_rwlock_recursive_read_lock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
    HD_EXPECT(shared->x == shared->y);
    hd_history_call(&shared->rwlock, HD_OP_RELEASE_SHARED, 0);
    ck_rwlock_recursive_read_unlock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

/* CK knows the owner by a number, and 0 is nobody. The outer acquire and release are recorded. */
static void write_nested(struct shared *shared, unsigned self)
{
    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE, 0);
    ck_rwlock_recursive_write_lock(&shared->rwlock, self);
    hd_history_return(&shared->rwlock, HD_OK, 0);
    shared->x++;
    ck_rwlock_recursive_write_lock(&shared->rwlock, self);
    shared->y++;
    ck_rwlock_recursive_write_unlock(&shared->rwlock);
    hd_history_call(&shared->rwlock, HD_OP_RELEASE, 0);
    ck_rwlock_recursive_write_unlock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

static void write_as_1(void *state) { write_nested(state, 1); }

static void write_as_2(void *state) { write_nested(state, 2); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->x == 2 && shared->y == 2);
}

const struct hd_scenario hd_scenario_ck_rwlock_recursive = {
    .summary = "a reader and two nested writers under CK's recursive reader-writer lock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, write_as_1, write_as_2},
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
