/*
 * hd_condition and each of its references give the same results, step by step, to one thread:
 * nobody else waits, so each notify is forgotten, and each wait times out.
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

enum operation { ACQUIRE, RELEASE, WAIT_UNTIL, NOTIFY, NOTIFY_ALL, OPERATIONS };

static const char *const names[OPERATIONS] = {"acquire", "release", "wait_until", "notify",
                                              "notify_all"};

static enum hd_result apply(const struct hd_condition_adapter *adapter,
                            void *condition,
                            enum operation operation,
                            size_t count)
{
    switch (operation) {
    case ACQUIRE:
        adapter->acquire(condition);
        return HD_OK;
    case RELEASE:
        return adapter->release(condition);
    case WAIT_UNTIL:
        return adapter->wait_until(condition, 0);
    case NOTIFY:
        return adapter->notify(condition, count);
    default:
        return adapter->notify_all(condition);
    }
}

static void test_same_results(void **state)
{
    const struct hd_condition_adapter *ours = &hd_condition_adapters[0];
    const struct hd_condition_adapter *theirs = hd_suite_subject(state);
    struct hd_suite_step step = {.ours = ours->name, .theirs = theirs->name};
    void *our_condition = ours->create();
    void *their_condition = theirs->create();
    uint64_t random = hd_suite_random(0);
    bool is_held = false;

    while (step.number < HD_SUITE_STEPS) {
        enum operation operation = hd_suite_draw(&random, OPERATIONS);
        size_t count = hd_suite_draw(&random, 3);
        enum hd_result result;

        if (operation == ACQUIRE ? is_held : !is_held && (theirs->can & HD_CAN_REFUSE) == 0) {
            continue;
        }
        step.number++;
        step.operation = names[operation];
        result = apply(ours, our_condition, operation, count);
        hd_suite_expect_same_result(&step, result,
                                    apply(theirs, their_condition, operation, count));
        if (operation == ACQUIRE || operation == RELEASE) {
            is_held = operation == ACQUIRE;
        }
    }
    if (is_held) {
        assert_int_equal(ours->release(our_condition), HD_OK);
        assert_int_equal(theirs->release(their_condition), HD_OK);
    }
    ours->destroy(our_condition);
    theirs->destroy(their_condition);
}

int main(void)
{
    for (size_t i = 1; i < hd_condition_adapters_count; i++) {
        hd_suite_add("same results", hd_condition_adapters[i].name, test_same_results,
                     &hd_condition_adapters[i]);
    }
    return hd_suite_run("condition");
}
