/*
 * Condition, explored: no notify is lost or used twice, waits end in the order in which they began,
 * and the lock comes back as it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/condition.h>
#include <heddle/lock.h>
#include <heddle/rlock.h>

struct shared {
    struct hd_lock lock;
    struct hd_rlock rlock; /* used in place of lock by one scenario */
    struct hd_condition condition;
    int items;    /* under lock: put and not taken */
    int taken;    /* under lock */
    bool is_over; /* under lock: nobody need begin to wait any more */
    int begun;    /* under lock: waits that have begun */
    int ended;    /* under lock: waits that have ended */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
    hd_condition_init(&shared->condition, &shared->lock);
}

static void setup_rlock(void *state)
{
    struct shared *shared = state;

    hd_rlock_init(&shared->rlock);
    hd_condition_init_rlock(&shared->condition, &shared->rlock);
}

static void acquire(struct shared *shared) { hd_lock_acquire(&shared->lock); }

static void release(struct shared *shared) { HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK); }

static void notify_one(struct shared *shared)
{
    HD_EXPECT(hd_condition_notify(&shared->condition, 1) == HD_OK);
}

static void wait(struct shared *shared)
{
    HD_EXPECT(hd_condition_wait(&shared->condition) == HD_OK);
}

static void take(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    while (shared->items == 0) {
        wait(shared);
    }
    shared->items--;
    shared->taken++;
    release(shared);
}

static void put_two(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < 2; item++) {
        acquire(shared);
        shared->items++;
        notify_one(shared);
        release(shared);
    }
}

static void check_taken(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->taken == 2 && shared->items == 0);
}

const struct hd_scenario hd_scenario_condition = {
    .summary = "two takers wait for two items, each put with a notify",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {take, take, put_two},
    .check = check_taken,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void put_both(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    shared->items = 2;
    HD_EXPECT(hd_condition_notify_all(&shared->condition) == HD_OK);
    release(shared);
}

const struct hd_scenario hd_scenario_condition_notify_all = {
    .summary = "two takers wait for two items, put with one notify_all",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {take, take, put_both},
    .check = check_taken,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* Each wait that ends notifies the next one: so they end in the order in which they began. */
static void wait_in_turn(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    if (!shared->is_over) {
        int mine = shared->begun++;

        wait(shared);
        HD_EXPECT(mine == shared->ended);
        shared->ended++;
        notify_one(shared);
    }
    release(shared);
}

static void end_first(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    shared->is_over = true;
    notify_one(shared);
    release(shared);
}

static void check_all_ended(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->begun == shared->ended);
}

const struct hd_scenario hd_scenario_condition_in_turn = {
    .summary = "one notify ends one wait, the one that began first",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_in_turn, wait_in_turn, end_first},
    .check = check_all_ended,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* A wait that timed out has used up no notify, so it need not pass one on. */
static void wait_until_in_turn(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    if (!shared->is_over) {
        enum hd_result result =
            hd_condition_wait_until(&shared->condition, hd_clock_after_ns(1000));

        HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
        if (result == HD_OK) {
            notify_one(shared);
        }
    }
    release(shared);
}

static void wait_to_pass_on(void *state)
{
    struct shared *shared = state;

    acquire(shared);
    if (!shared->is_over) {
        wait(shared);
        notify_one(shared);
    }
    release(shared);
}

const struct hd_scenario hd_scenario_condition_timed = {
    .summary = "a wait that times out leaves the notify to the other one",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {wait_until_in_turn, wait_to_pass_on, end_first},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void take_nested(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_rlock_acquire(&shared->rlock) == HD_OK);
    HD_EXPECT(hd_rlock_acquire(&shared->rlock) == HD_OK);
    while (shared->items == 0) {
        wait(shared);
        HD_EXPECT(hd_rlock_depth(&shared->rlock) == 2);
    }
    shared->items--;
    shared->taken++;
    HD_EXPECT(hd_rlock_release(&shared->rlock) == HD_OK);
    HD_EXPECT(hd_rlock_release(&shared->rlock) == HD_OK);
}

static void put_two_nested(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_rlock_acquire(&shared->rlock) == HD_OK);
    shared->items = 2;
    HD_EXPECT(hd_condition_notify(&shared->condition, 2) == HD_OK);
    HD_EXPECT(hd_rlock_release(&shared->rlock) == HD_OK);
}

const struct hd_scenario hd_scenario_condition_rlock = {
    .summary = "waits give a reentrant lock up at all levels, and get it back so",
    .state_size = sizeof(struct shared),
    .setup = setup_rlock,
    .threads = {take_nested, take_nested, put_two_nested},
    .check = check_taken,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
