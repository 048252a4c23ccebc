/*
 * hd_semaphore, hd_bounded_semaphore and each of their references give the same results, step by
 * step, to one thread: also when a release is one unit too many.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <heddle/semaphore.h>

#include "tests/reference/adapters.h"
#include "tests/reference/suite.h"

enum operation { ACQUIRE, TRY_ACQUIRE, ACQUIRE_UNTIL, RELEASE, VALUE, OPERATIONS };

static const char *const names[OPERATIONS] = {"acquire", "try_acquire", "acquire_until", "release",
                                              "value"};

/* What a test is about: `theirs` against `ours`, from `units` on. */
struct pair {
    const struct hd_semaphore_adapter *ours;
    const struct hd_semaphore_adapter *theirs;
    uint32_t units;
};

static enum hd_result apply(const struct hd_semaphore_adapter *adapter,
                            void *semaphore,
                            enum operation operation,
                            uint32_t units)
{
    switch (operation) {
    case ACQUIRE:
        adapter->acquire(semaphore);
        return HD_OK;
    case TRY_ACQUIRE:
        return adapter->try_acquire(semaphore);
    case ACQUIRE_UNTIL:
        return adapter->acquire_until(semaphore, 0);
    default:
        return adapter->release(semaphore, units);
    }
}

static void test_same_results(void **state)
{
    const struct pair *pair = hd_suite_subject(state);
    struct hd_suite_step step = {.ours = pair->ours->name, .theirs = pair->theirs->name};
    void *our_semaphore = pair->ours->create(pair->units);
    void *their_semaphore = pair->theirs->create(pair->units);
    uint64_t random = hd_suite_random(pair->units);

    while (step.number < HD_SUITE_STEPS) {
        enum operation operation = hd_suite_draw(&random, OPERATIONS);
        uint32_t units = hd_suite_draw(&random, 4);

        if (operation == ACQUIRE && pair->ours->value(our_semaphore) == 0) {
            continue; /* would wait for ever */
        }
        step.number++;
        step.operation = names[operation];
        if (operation == VALUE) {
            hd_suite_expect_same_answer(&step, pair->ours->value(our_semaphore),
                                        pair->theirs->value(their_semaphore));
            continue;
        }
        hd_suite_expect_same_result(&step, apply(pair->ours, our_semaphore, operation, units),
                                    apply(pair->theirs, their_semaphore, operation, units));
    }
    pair->ours->destroy(our_semaphore);
    pair->theirs->destroy(their_semaphore);
}

/* Every reference against the first of its table, from none, from some and from all units. */
static void add_pairs(const struct hd_semaphore_adapter *adapters, size_t count)
{
    static const uint32_t units[] = {0, 5, HD_SEMAPHORE_MAX};
    static const char *const properties[] = {
        "same results from no units", "same results from 5 units", "same results from all units"};
    static struct pair pairs[16];
    static size_t pairs_count;

    for (size_t i = 1; i < count; i++) {
        for (size_t start = 0; start < sizeof(units) / sizeof(units[0]); start++) {
            struct pair *pair = &pairs[pairs_count++];

            *pair = (struct pair){&adapters[0], &adapters[i], units[start]};
            hd_suite_add(properties[start], adapters[i].name, test_same_results, pair);
        }
    }
}

int main(void)
{
    add_pairs(hd_semaphore_adapters, hd_semaphore_adapters_count);
    add_pairs(hd_bounded_semaphore_adapters, hd_bounded_semaphore_adapters_count);
    return hd_suite_run("semaphore");
}
