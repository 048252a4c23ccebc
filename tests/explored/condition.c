/*
 * Condition, explored: no notify is lost or used twice, waits end in the order in which they began,
 * and the lock comes back as it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/condition.h>
#include <heddle/history.h>
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
    hd_history_begin(&shared->condition, &hd_specification_condition, 0);
}

static void setup_rlock(void *state)
{
    struct shared *shared = state;

    hd_rlock_init(&shared->rlock);
    hd_condition_init_rlock(&shared->condition, &shared->rlock);
    hd_history_begin(&shared->condition, &hd_specification_condition, 0);
}

/* What one operation on the condition or its lock returned. */
static void end_operation(struct shared *shared, enum hd_result result)
{
    hd_history_return(&shared->condition, (int)result, 0);
    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
}

static void acquire(struct shared *shared)
{
    hd_history_call(&shared->condition, HD_OP_ACQUIRE, 0);
    hd_lock_acquire(&shared->lock);
    end_operation(shared, HD_OK);
}

static void release(struct shared *shared)
{
    hd_history_call(&shared->condition, HD_OP_RELEASE, 0);
    end_operation(shared, hd_lock_release(&shared->lock));
}

static void acquire_rlock(struct shared *shared)
{
    hd_history_call(&shared->condition, HD_OP_ACQUIRE, 0);
    end_operation(shared, hd_rlock_acquire(&shared->rlock));
}

static void release_rlock(struct shared *shared)
{
    hd_history_call(&shared->condition, HD_OP_RELEASE, 0);
    end_operation(shared, hd_rlock_release(&shared->rlock));
}

static void notify(struct shared *shared, size_t count)
{
    hd_history_call(&shared->condition, HD_OP_NOTIFY, count);
    end_operation(shared, hd_condition_notify(&shared->condition, count));
}

static void notify_one(struct shared *shared) { notify(shared, 1); }

static enum hd_result wait_until(struct shared *shared, uint64_t until)
{
    hd_history_call(&shared->condition, HD_OP_WAIT, 0);
    enum hd_result result = until == HD_FOREVER
                                ? hd_condition_wait(&shared->condition)
                                : hd_condition_wait_until(&shared->condition, until);

    end_operation(shared, result);
    return result;
}

static void wait(struct shared *shared) { HD_EXPECT(wait_until(shared, HD_FOREVER) == HD_OK); }

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
    hd_history_call(&shared->condition, HD_OP_NOTIFY_ALL, 0);
    end_operation(shared, hd_condition_notify_all(&shared->condition));
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
        enum hd_result result = wait_until(shared, hd_clock_after_ns(1000));

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

    acquire_rlock(shared);
    acquire_rlock(shared);
    while (shared->items == 0) {
        wait(shared);
        HD_EXPECT(hd_rlock_depth(&shared->rlock) == 2);
    }
    shared->items--;
    shared->taken++;
    release_rlock(shared);
    release_rlock(shared);
}

static void put_two_nested(void *state)
{
    struct shared *shared = state;

    acquire_rlock(shared);
    shared->items = 2;
    notify(shared, 2);
    release_rlock(shared);
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
