/*
 * Concurrency Kit's event count, explored: no advance is slept through, and each publishes.
 *
 * Its slow path lies in libck.so, where its atomics are not seen; so no choice is made there, and
 * the waiter says itself what the count orders. It sleeps through callbacks, which are ours: a
 * futex. Always in multi-producer mode: the other one is inline assembly.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <ck_ec.h>

#include <heddle/check.h>
#include <heddle/history.h>

struct shared {
    struct ck_ec32 count;
    int value; /* written before the first advance */
    int other; /* written before the second one, by another thread */
};

static int get_time(const struct ck_ec_ops *ops, struct timespec *now)
{
    (void)ops;
    return clock_gettime(CLOCK_MONOTONIC, now);
}

/* May return early for any reason, CK says: so the result tells nothing. */
static void wait32(const struct ck_ec_wait_state *state,
                   const uint32_t *word,
                   uint32_t expected,
                   const struct timespec *deadline)
{
    (void)state;
    (void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline, NULL,
                  FUTEX_BITSET_MATCH_ANY);
}

static void wake32(const struct ck_ec_ops *ops, const uint32_t *word)
{
    (void)ops;
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static const struct ck_ec_ops linux_ops = {
    .gettime = get_time,
    .wait32 = wait32,
    .wake32 = wake32,
    .busy_loop_iter = 1,
};

static const struct ck_ec_mode many_producers = {.ops = &linux_ops, .single_producer = false};

static void setup(void *state)
{
    struct shared *shared = state;

    ck_ec32_init(&shared->count, 0);
    hd_history_begin(&shared->count, &hd_specification_register, 0);
}

static uint32_t take_value(struct shared *shared)
{
    hd_history_call(&shared->count, HD_OP_READ, 0);
    uint32_t value = ck_ec32_value(&shared->count);

    hd_history_return(&shared->count, HD_OK, value);
    return value;
}

static void add_one(struct shared *shared)
{
    hd_history_call(&shared->count, HD_OP_ADD, 1);
    uint32_t before = ck_ec32_add(&shared->count, &many_producers, 1);

    hd_history_return(&shared->count, HD_OK, before);
}

/* Waits until the count is not `seen`. */
static void wait(struct shared *shared, uint32_t seen)
{
    hd_history_call(&shared->count, HD_OP_AWAIT_NEW, seen);
    HD_EXPECT(ck_ec32_wait(&shared->count, &many_producers, seen, NULL) == 0);
    hd_history_return(&shared->count, HD_OK, 0);
    /* The load that saw the advance may have been one in libck.so; this one is seen. */
    HD_EXPECT(take_value(shared) != seen);
}

static void advance(void *state)
{
    struct shared *shared = state;

    shared->value = 1;
    add_one(shared);
}

static void wait_for_one(void *state)
{
    struct shared *shared = state;

    wait(shared, 0);
    HD_EXPECT(shared->value == 1);
}

const struct hd_scenario hd_scenario_ck_ec = {
    .summary = "two threads wait for one advance of CK's event count",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_for_one, wait_for_one, advance},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void advance_other(void *state)
{
    struct shared *shared = state;

    shared->other = 1;
    add_one(shared);
}

static void wait_for_two(void *state)
{
    struct shared *shared = state;
    uint32_t seen = 0;

    while (seen != 2) {
        wait(shared, seen);
        seen = take_value(shared);
    }
    HD_EXPECT(shared->value == 1 && shared->other == 1);
}

const struct hd_scenario hd_scenario_ck_ec_producers = {
    .summary = "one thread waits for the advances of two",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_for_two, advance, advance_other},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
