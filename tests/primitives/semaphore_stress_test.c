/*
 * 32 threads at a semaphore of three units: never more than three inside, and no unit is lost.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include <heddle/clock.h>

#include "tests/primitives/semaphore_kinds.h"
#include "tests/primitives/support.h"

#define THREADS 32U
#define TURNS 1000U /* each thread's */
#define UNITS 3U

struct slots {
    const struct hd_semaphore_kind *kind;
    union hd_any_semaphore any;
    uint32_t inside; /* atomic */
};

static void use_slot(struct slots *slots, bool stays)
{
    HD_CHECK(hd_mark_add(&slots->inside, 1) < UNITS);
    if (stays) {
        (void)sched_yield();
    }
    HD_CHECK(hd_mark_add(&slots->inside, UINT32_MAX) <= UNITS);
    HD_CHECK_RESULT(slots->kind->release(&slots->any, 1), HD_OK);
}

/* By one of the three ways in. */
static enum hd_result acquire_somehow(struct slots *slots, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 50000));

    switch (hd_random_below(seed, 3)) {
    case 0:
        return slots->kind->try_acquire(&slots->any);
    case 1:
        return slots->kind->acquire_until(&slots->any, deadline_ns);
    default:
        slots->kind->acquire(&slots->any);
        return HD_OK;
    }
}

static void take_turns(void *shared, size_t index)
{
    struct slots *slots = shared;
    uint64_t seed = index + 1;

    for (uint32_t turn = 0; turn < TURNS; turn++) {
        if (acquire_somehow(slots, &seed) == HD_OK) {
            use_slot(slots, turn % 16 == 0);
        }
    }
}

static void of_32_threads_only_as_many_as_units_are_inside(void **state)
{
    struct slots slots = {.kind = hd_test_subject(state)};
    struct hd_crew crew = {0};

    HD_CHECK_RESULT(slots.kind->init(&slots.any, UNITS), HD_OK);
    hd_crew_add(&crew, THREADS, take_turns, &slots);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(slots.kind->value(&slots.any), UNITS);
    HD_CHECK_EQUAL(hd_semaphore_sleepers(&slots.any), 0);
    slots.kind->destroy(&slots.any);
}

static void acquire_many(void *shared, size_t index)
{
    struct slots *slots = shared;

    (void)index;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        slots->kind->acquire(&slots->any);
    }
}

/* Exactly as many units as are waited for: one lost wake-up, and a thread sleeps for ever. */
static void released_in_batches_every_unit_reaches_one_of_32_threads(void **state)
{
    struct slots slots = {.kind = hd_test_subject(state)};
    struct hd_crew crew = {0};
    uint64_t seed = 11;

    HD_CHECK_RESULT(slots.kind->init(&slots.any, THREADS * TURNS), HD_OK);
    for (uint32_t i = 0; i < THREADS * TURNS; i++) {
        slots.kind->acquire(&slots.any);
    }
    hd_crew_add(&crew, THREADS, acquire_many, &slots);
    for (uint32_t left = THREADS * TURNS; left > 0;) {
        const uint32_t wanted = 1 + hd_random_below(&seed, 2 * THREADS);
        const uint32_t batch = wanted < left ? wanted : left;

        HD_CHECK_RESULT(slots.kind->release(&slots.any, batch), HD_OK);
        left -= batch;
    }
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(slots.kind->value(&slots.any), 0);
    HD_CHECK_EQUAL(hd_semaphore_sleepers(&slots.any), 0);
    slots.kind->destroy(&slots.any);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_32_threads_only_as_many_as_units_are_inside),
        cmocka_unit_test(released_in_batches_every_unit_reaches_one_of_32_threads),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), &hd_plain_semaphore_kind},
        {tests, HD_COUNT_OF(tests), &hd_bound_semaphore_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
