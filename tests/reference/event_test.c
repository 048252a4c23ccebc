/*
 * hd_event and each of its references give the same results, step by step, to one thread.
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

enum operation { SET, CLEAR, IS_SET, WAIT, WAIT_UNTIL, OPERATIONS };

static const char *const names[OPERATIONS] = {"set", "clear", "is_set", "wait", "wait_until"};

static enum hd_result
apply(const struct hd_event_adapter *adapter, void *event, enum operation operation)
{
    switch (operation) {
    case SET:
        adapter->set(event);
        return HD_OK;
    case CLEAR:
        adapter->clear(event);
        return HD_OK;
    case WAIT:
        adapter->wait(event);
        return HD_OK;
    case WAIT_UNTIL:
        return adapter->wait_until(event, 0);
    default:
        return adapter->is_set(event) ? HD_OK : HD_EMPTY;
    }
}

static void test_same_results(void **state)
{
    const struct hd_event_adapter *ours = &hd_event_adapters[0];
    const struct hd_event_adapter *theirs = hd_suite_subject(state);
    struct hd_suite_step step = {.ours = ours->name, .theirs = theirs->name};
    void *our_event = ours->create();
    void *their_event = theirs->create();
    uint64_t random = hd_suite_random(0);

    while (step.number < HD_SUITE_STEPS) {
        enum operation operation = hd_suite_draw(&random, OPERATIONS);

        if (operation == WAIT && !ours->is_set(our_event)) {
            continue; /* would wait for ever */
        }
        step.number++;
        step.operation = names[operation];
        hd_suite_expect_same_result(&step, apply(ours, our_event, operation),
                                    apply(theirs, their_event, operation));
    }
    ours->destroy(our_event);
    theirs->destroy(their_event);
}

int main(void)
{
    for (size_t i = 1; i < hd_event_adapters_count; i++) {
        hd_suite_add("same results", hd_event_adapters[i].name, test_same_results,
                     &hd_event_adapters[i]);
    }
    return hd_suite_run("event");
}
