/*
 * Condition operations: see condition_operations.h.
 *
 * What can COUNT is judged by the specification of Heddle's condition: first in, first out, and no
 * wait that ends for nothing. Of others no history is recorded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/condition_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

static bool is_recorded(const struct hd_condition_operations *shared)
{
    return (shared->adapter->can & HD_CAN_COUNT) != 0;
}

static void call(struct hd_condition_operations *shared, uint32_t code, uint64_t argument)
{
    if (is_recorded(shared)) {
        hd_history_call(shared->condition, code, argument);
    }
}

static enum hd_result note(struct hd_condition_operations *shared, enum hd_result result)
{
    if (is_recorded(shared)) {
        hd_history_return(shared->condition, (int)result, 0); /* finding */
    }
    return result;
}

static void acquire(struct hd_condition_operations *shared)
{
    call(shared, HD_OP_ACQUIRE, 0);
    shared->adapter->acquire(shared->condition);
    (void)note(shared, HD_OK);
}

static void release(struct hd_condition_operations *shared)
{
    call(shared, HD_OP_RELEASE, 0);
    HD_EXPECT(note(shared, shared->adapter->release(shared->condition)) == HD_OK);
}

static void run_take(void *state, unsigned self, uint32_t argument)
{
    struct hd_condition_operations *shared = state;

    (void)argument;
    acquire(shared);
    while (shared->items == 0) {
        call(shared, HD_OP_WAIT, 0);
        HD_EXPECT(note(shared, shared->adapter->wait(shared->condition)) == HD_OK); /* finding */
    }
    shared->items--; /* finding */
    shared->takes[self]++;
    release(shared);
}

static void run_take_until(void *state, unsigned self, uint32_t argument)
{
    struct hd_condition_operations *shared = state;
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);
    enum hd_result result = HD_OK;

    (void)argument;
    acquire(shared);
    while (shared->items == 0 && result == HD_OK) {
        call(shared, HD_OP_WAIT, 0);
        result = note(shared, shared->adapter->wait_until(shared->condition, deadline_ns));
        HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    }
    if (shared->items > 0) {
        shared->items--; /* finding */
        shared->takes[self]++;
    }
    release(shared);
}

static void put(struct hd_condition_operations *shared, uint32_t count, bool notifies_all)
{
    acquire(shared);
    shared->items += count; /* finding */
    shared->puts += count;
    if (notifies_all) {
        call(shared, HD_OP_NOTIFY_ALL, 0);
        HD_EXPECT(note(shared, shared->adapter->notify_all(shared->condition)) == HD_OK);
    } else {
        call(shared, HD_OP_NOTIFY, count);
        HD_EXPECT(note(shared, shared->adapter->notify(shared->condition, count)) == HD_OK);
    }
    release(shared);
}

/* One or two items; the argument says besides whether all are notified. */
static void run_put(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    put(state, 1 + argument % 2, argument / 2 == 1);
}

static void end(void *state, unsigned self)
{
    struct hd_condition_operations *shared = state;

    if (self == 0 && shared->lacking > 0) {
        put(shared, shared->lacking, false);
    }
}

enum { TAKE, TAKE_UNTIL, PUT };

static const struct hd_program_operation operations[] = {
    [TAKE] = {.run = run_take, .roles = HD_ROLE_OTHER},
    [TAKE_UNTIL] = {.run = run_take_until, .roles = HD_ROLE_ALL},
    [PUT] = {.run = run_put, .arguments = 4, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind kind = {
    .operations = operations,
    .operations_count = sizeof(operations) / sizeof(operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end,
};

void hd_condition_operations_begin(void *state, const struct hd_condition_adapter *adapter)
{
    struct hd_condition_operations *shared = state;

    shared->adapter = adapter;
    shared->condition = adapter->create();
    hd_program_draw(&shared->program, &kind, adapter->can);

    uint32_t needed = hd_program_count(&shared->program, HD_ROLE_ALL, TAKE) +
                      hd_program_count(&shared->program, HD_ROLE_ALL, TAKE_UNTIL);
    uint32_t certain = hd_program_count(&shared->program, HD_ROLE_FIRST, PUT);

    shared->lacking = needed > certain ? needed - certain : 0;
    if (is_recorded(shared)) {
        hd_history_begin(shared->condition, &hd_specification_condition, 0);
    }
}

void hd_condition_operations_check(const void *state)
{
    const struct hd_condition_operations *shared = state;
    uint32_t there = shared->items;

    for (unsigned self = 0; self < HD_THREADS_MAX; self++) {
        there += shared->takes[self];
    }
    HD_EXPECT(there == shared->puts); /* finding */
    shared->adapter->destroy(shared->condition);
}
