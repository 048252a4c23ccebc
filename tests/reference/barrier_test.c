/*
 * hd_barrier and each of its references give the same results, step by step, to one thread, which
 * is then the only party: no wait waits, and each is a whole round.
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

static void test_same_results(void **state)
{
    const struct hd_barrier_adapter *ours = &hd_barrier_adapters[0];
    const struct hd_barrier_adapter *theirs = hd_suite_subject(state);
    struct hd_suite_step step = {.operation = "wait", .ours = ours->name, .theirs = theirs->name};
    void *our_barrier = ours->create(1);
    void *their_barrier = theirs->create(1);

    while (step.number < HD_SUITE_STEPS) {
        uint32_t our_index = 1;
        uint32_t their_index = 1;
        enum hd_result result = ours->wait(our_barrier, 0, &our_index);

        step.number++;
        hd_suite_expect_same_result(&step, result, theirs->wait(their_barrier, 0, &their_index));
        hd_suite_expect_same_answer(&step, our_index, their_index);
    }
    ours->destroy(our_barrier);
    theirs->destroy(their_barrier);
}

int main(void)
{
    for (size_t i = 1; i < hd_barrier_adapters_count; i++) {
        hd_suite_add("same results", hd_barrier_adapters[i].name, test_same_results,
                     &hd_barrier_adapters[i]);
    }
    return hd_suite_run("barrier");
}
