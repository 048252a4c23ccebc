/*
 * hd_rwlock and each of its references give the same results, step by step, to one thread. The
 * thread does not take the lock again while it holds it shared: no rwlock allows that.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/reference/adapters.h"
#include "tests/reference/suite.h"

enum operation { ACQUIRE, TRY_ACQUIRE, ACQUIRE_UNTIL, RELEASE, OPERATIONS };

static const char *const names[][OPERATIONS] = {
    [HD_SHARED] = {"acquire_shared", "try_acquire_shared", "acquire_shared_until",
                   "release_shared"},
    [HD_EXCLUSIVE] = {"acquire_exclusive", "try_acquire_exclusive", "acquire_exclusive_until",
                      "release_exclusive"},
};

/* What the thread holds. */
enum held { NOTHING, READING, WRITING };

static enum held held_by(enum hd_hold hold) { return hold == HD_SHARED ? READING : WRITING; }

/* Whether both can do it, and it neither waits for ever nor is undefined. */
static bool is_possible(unsigned can, enum operation operation, enum hd_hold hold, enum held held)
{
    bool is_refused = held == WRITING && (can & HD_CAN_REFUSE) != 0;

    switch (operation) {
    case ACQUIRE:
        return held == NOTHING || is_refused;
    case TRY_ACQUIRE:
        return held != READING && (can & HD_CAN_TRY) != 0;
    case ACQUIRE_UNTIL:
        return (held == NOTHING || is_refused) && (can & HD_CAN_TIME) != 0;
    case RELEASE:
        return held == held_by(hold);
    default:
        return false;
    }
}

static enum hd_result apply(const struct hd_rwlock_adapter *adapter,
                            void *rwlock,
                            enum operation operation,
                            enum hd_hold hold)
{
    switch (operation) {
    case ACQUIRE:
        return adapter->acquire(rwlock, 0, hold);
    case TRY_ACQUIRE:
        return adapter->try_acquire(rwlock, 0, hold);
    case ACQUIRE_UNTIL:
        return adapter->acquire_until(rwlock, 0, hold, 0);
    default:
        return adapter->release(rwlock, 0, hold);
    }
}

static void test_same_results(void **state)
{
    const struct hd_rwlock_adapter *ours = &hd_rwlock_adapters[0];
    const struct hd_rwlock_adapter *theirs = hd_suite_subject(state);
    struct hd_suite_step step = {.ours = ours->name, .theirs = theirs->name};
    void *our_lock = ours->create();
    void *their_lock = theirs->create();
    uint64_t random = hd_suite_random(0);
    enum held held = NOTHING;

    while (step.number < HD_SUITE_STEPS) {
        enum operation operation = hd_suite_draw(&random, OPERATIONS);
        enum hd_hold hold = hd_suite_draw(&random, 2) == 0 ? HD_SHARED : HD_EXCLUSIVE;
        enum hd_result result;

        if (!is_possible(ours->can & theirs->can, operation, hold, held)) {
            continue;
        }
        step.number++;
        step.operation = names[hold][operation];
        result = apply(ours, our_lock, operation, hold);
        hd_suite_expect_same_result(&step, result, apply(theirs, their_lock, operation, hold));
        if (result == HD_OK) {
            held = operation == RELEASE ? NOTHING : held_by(hold);
        }
    }
    if (held != NOTHING) {
        enum hd_hold hold = held == READING ? HD_SHARED : HD_EXCLUSIVE;

        assert_int_equal(ours->release(our_lock, 0, hold), HD_OK);
        assert_int_equal(theirs->release(their_lock, 0, hold), HD_OK);
    }
    ours->destroy(our_lock);
    theirs->destroy(their_lock);
}

int main(void)
{
    for (size_t i = 1; i < hd_rwlock_adapters_count; i++) {
        hd_suite_add("same results", hd_rwlock_adapters[i].name, test_same_results,
                     &hd_rwlock_adapters[i]);
    }
    return hd_suite_run("rwlock");
}
