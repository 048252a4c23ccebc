/*
 * hd_rlock and each of its references give the same results, step by step, to one thread.
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

enum operation { ACQUIRE, TRY_ACQUIRE, ACQUIRE_UNTIL, RELEASE, IS_LOCKED, DEPTH, OPERATIONS };

static const char *const names[OPERATIONS] = {"acquire", "try_acquire", "acquire_until",
                                              "release", "is_locked",   "depth"};

/* Half of the acquires become releases, so that the lock is often free. */
static enum operation draw_operation(uint64_t *random)
{
    enum operation operation = hd_suite_draw(random, OPERATIONS);

    return operation < RELEASE && hd_suite_draw(random, 2) == 0 ? RELEASE : operation;
}

/* Whether both can do it, and it is not undefined. */
static bool is_possible(unsigned can, enum operation operation, unsigned depth)
{
    switch (operation) {
    case ACQUIRE:
        return true;
    case TRY_ACQUIRE:
        return (can & HD_CAN_TRY) != 0;
    case ACQUIRE_UNTIL:
        return (can & HD_CAN_TIME) != 0;
    case RELEASE:
        return depth != 0 || (can & HD_CAN_REFUSE) != 0;
    case IS_LOCKED:
        return (can & HD_CAN_TELL) != 0;
    case DEPTH:
        return depth != 0 && (can & HD_CAN_DEPTH) != 0;
    default:
        return false;
    }
}

static enum hd_result
apply(const struct hd_lock_adapter *adapter, void *lock, enum operation operation)
{
    switch (operation) {
    case ACQUIRE:
        return adapter->acquire(lock, 0);
    case TRY_ACQUIRE:
        return adapter->try_acquire(lock, 0);
    case ACQUIRE_UNTIL:
        return adapter->acquire_until(lock, 0, 0);
    case RELEASE:
        return adapter->release(lock, 0);
    default:
        return adapter->is_locked(lock) ? HD_BUSY : HD_OK;
    }
}

static void test_same_results(void **state)
{
    const struct hd_lock_adapter *ours = &hd_rlock_adapters[0];
    const struct hd_lock_adapter *theirs = hd_suite_subject(state);
    struct hd_suite_step step = {.ours = ours->name, .theirs = theirs->name};
    void *our_lock = ours->create();
    void *their_lock = theirs->create();
    uint64_t random = hd_suite_random(0);
    unsigned depth = 0;

    while (step.number < HD_SUITE_STEPS) {
        enum operation operation = draw_operation(&random);
        enum hd_result result;

        if (!is_possible(ours->can & theirs->can, operation, depth)) {
            continue;
        }
        step.number++;
        step.operation = names[operation];
        if (operation == DEPTH) {
            hd_suite_expect_same_answer(&step, ours->depth(our_lock, 0),
                                        theirs->depth(their_lock, 0));
            continue;
        }
        result = apply(ours, our_lock, operation);
        hd_suite_expect_same_result(&step, result, apply(theirs, their_lock, operation));
        if (result == HD_OK) {
            depth += operation < RELEASE ? 1U : 0U;
            depth -= operation == RELEASE ? 1U : 0U;
        }
    }
    for (; depth != 0; depth--) {
        assert_int_equal(ours->release(our_lock, 0), HD_OK);
        assert_int_equal(theirs->release(their_lock, 0), HD_OK);
    }
    ours->destroy(our_lock);
    theirs->destroy(their_lock);
}

int main(void)
{
    for (size_t i = 1; i < hd_rlock_adapters_count; i++) {
        hd_suite_add("same results", hd_rlock_adapters[i].name, test_same_results,
                     &hd_rlock_adapters[i]);
    }
    return hd_suite_run("rlock");
}
