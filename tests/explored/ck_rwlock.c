/*
 * Concurrency Kit's reader-writer locks, explored: the plain, the phase-fair and the task-fair one.
 * Writers are alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_pflock.h>
#include <ck_rwlock.h>
#include <ck_tflock.h>

#include <heddle/check.h>
#include <heddle/history.h>

union rwlock {
    ck_rwlock_t rwlock;
    ck_pflock_t pflock;
    ck_tflock_ticket_t tflock;
};

struct kind {
    void (*init)(union rwlock *rwlock);
    void (*read_lock)(union rwlock *rwlock);
    void (*read_unlock)(union rwlock *rwlock);
    void (*write_lock)(union rwlock *rwlock);
    void (*write_unlock)(union rwlock *rwlock);
};

struct shared {
    const struct kind *kind; /* constant after setup */
    union rwlock rwlock;
    int x; /* under rwlock; equal to y */
    int y; /* under rwlock */
};

static void rwlock_init(union rwlock *rwlock) { ck_rwlock_init(&rwlock->rwlock); }

static void rwlock_read_lock(union rwlock *rwlock) { ck_rwlock_read_lock(&rwlock->rwlock); }

static void rwlock_read_unlock(union rwlock *rwlock) { ck_rwlock_read_unlock(&rwlock->rwlock); }

static void rwlock_write_lock(union rwlock *rwlock) { ck_rwlock_write_lock(&rwlock->rwlock); }

static void rwlock_write_unlock(union rwlock *rwlock) { ck_rwlock_write_unlock(&rwlock->rwlock); }

static void pflock_init(union rwlock *rwlock) { ck_pflock_init(&rwlock->pflock); }

static void pflock_read_lock(union rwlock *rwlock) { ck_pflock_read_lock(&rwlock->pflock); }

static void pflock_read_unlock(union rwlock *rwlock) { ck_pflock_read_unlock(&rwlock->pflock); }

static void pflock_write_lock(union rwlock *rwlock) { ck_pflock_write_lock(&rwlock->pflock); }

static void pflock_write_unlock(union rwlock *rwlock) { ck_pflock_write_unlock(&rwlock->pflock); }

static void tflock_init(union rwlock *rwlock) { ck_tflock_ticket_init(&rwlock->tflock); }

static void tflock_read_lock(union rwlock *rwlock) { ck_tflock_ticket_read_lock(&rwlock->tflock); }

static void tflock_read_unlock(union rwlock *rwlock)
{
    ck_tflock_ticket_read_unlock(&rwlock->tflock);
}

static void tflock_write_lock(union rwlock *rwlock)
{
    ck_tflock_ticket_write_lock(&rwlock->tflock);
}

static void tflock_write_unlock(union rwlock *rwlock)
{
    ck_tflock_ticket_write_unlock(&rwlock->tflock);
}

static const struct kind rwlock = {rwlock_init, rwlock_read_lock, rwlock_read_unlock,
                                   rwlock_write_lock, rwlock_write_unlock};

static const struct kind pflock = {pflock_init, pflock_read_lock, pflock_read_unlock,
                                   pflock_write_lock, pflock_write_unlock};

static const struct kind tflock = {tflock_init, tflock_read_lock, tflock_read_unlock,
                                   tflock_write_lock, tflock_write_unlock};

static void begin(struct shared *shared, const struct kind *kind)
{
    shared->kind = kind;
    kind->init(&shared->rwlock);
    hd_history_begin(&shared->rwlock, &hd_specification_rwlock, 0);
}

static void setup_rwlock(void *state) { begin(state, &rwlock); }

static void setup_pflock(void *state) { begin(state, &pflock); }

static void setup_tflock(void *state) { begin(state, &tflock); }

static void read_both(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE_SHARED, 0);
    shared->kind->read_lock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
    HD_EXPECT(shared->x == shared->y);
    hd_history_call(&shared->rwlock, HD_OP_RELEASE_SHARED, 0);
    shared->kind->read_unlock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

static void write_both(void *state)
{
    struct shared *shared = state;

    hd_history_call(&shared->rwlock, HD_OP_ACQUIRE, 0);
    shared->kind->write_lock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
    shared->x++;
    shared->y++;
    hd_history_call(&shared->rwlock, HD_OP_RELEASE, 0);
    shared->kind->write_unlock(&shared->rwlock);
    hd_history_return(&shared->rwlock, HD_OK, 0);
}

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

const struct hd_scenario hd_scenario_ck_rwlock = {
    .summary = "two readers and a writer under CK's reader-writer lock",
    .state_size = sizeof(struct shared),
    .setup = setup_rwlock,
    .threads = {read_both, read_both, write_both},
    .check = check_one,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_rwlock_writers = {
    .summary = "a reader and two writers under CK's reader-writer lock",
    .state_size = sizeof(struct shared),
    .setup = setup_rwlock,
    .threads = {read_both, write_both, write_both},
    .check = check_two,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_pflock = {
    .summary = "two readers and a writer under CK's phase-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup_pflock,
    .threads = {read_both, read_both, write_both},
    .check = check_one,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_pflock_writers = {
    .summary = "a reader and two writers under CK's phase-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup_pflock,
    .threads = {read_both, write_both, write_both},
    .check = check_two,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_tflock = {
    .summary = "two readers and a writer under CK's task-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup_tflock,
    .threads = {read_both, read_both, write_both},
    .check = check_one,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_tflock_writers = {
    .summary = "a reader and two writers under CK's task-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup_tflock,
    .threads = {read_both, write_both, write_both},
    .check = check_two,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
