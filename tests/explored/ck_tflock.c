/*
 * Concurrency Kit's task-fair reader-writer lock, explored: writers are alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_tflock.h>

#include <heddle/check.h>

struct shared {
    ck_tflock_ticket_t rwlock;
    int x; /* under rwlock; equal to y */
    int y; /* under rwlock */
};

static void setup(void *state) { ck_tflock_ticket_init(&((struct shared *)state)->rwlock); }

static void read_both(void *state)
{
    struct shared *shared = state;

    ck_tflock_ticket_read_lock(&shared->rwlock);
    HD_EXPECT(shared->x == shared->y);
    ck_tflock_ticket_read_unlock(&shared->rwlock);
}

static void write_both(void *state)
{
    struct shared *shared = state;

    ck_tflock_ticket_write_lock(&shared->rwlock);
    shared->x++;
    shared->y++;
    ck_tflock_ticket_write_unlock(&shared->rwlock);
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

const struct hd_scenario hd_scenario_ck_tflock = {
    .summary = "two readers and a writer under CK's task-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, read_both, write_both},
    .check = check_one,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

const struct hd_scenario hd_scenario_ck_tflock_writers = {
    .summary = "a reader and two writers under CK's task-fair lock",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_both, write_both, write_both},
    .check = check_two,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
