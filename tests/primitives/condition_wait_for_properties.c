/*
 * What a condition promises to those who wait for a predicate, over either lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include <heddle/clock.h>
#include <heddle/condition.h>

#include "tests/primitives/monitor.h"
#include "tests/primitives/support.h"

/* A monitor, and a predicate that counts its calls. */
struct use {
    struct hd_monitor monitor;
    uint64_t deadline_ns;
    enum hd_result result; /* the waiting thread's until it is joined */
    uint32_t calls;        /* under the lock: of the predicate */
    uint32_t false_calls;  /* under the lock: how often it is still to be false */
};

static void begin(struct use *use, void **state, uint32_t false_calls)
{
    *use = (struct use){.deadline_ns = HD_FOREVER, .false_calls = false_calls};
    hd_monitor_init(&use->monitor, hd_test_subject(state));
}

/* It is called with the lock held: plain words are enough. */
static bool count_call(void *argument)
{
    struct use *use = argument;

    use->calls++;
    if (use->false_calls == 0) {
        return true;
    }
    use->false_calls--;
    return false;
}

static void wait_for_it(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    hd_monitor_acquire(&use->monitor);
    use->result = hd_condition_wait_for(&use->monitor.condition, count_call, use, use->deadline_ns);
    hd_monitor_release(&use->monitor);
}

static void wait_for_tests_its_predicate_first_and_after_each_notify(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 3);
    hd_crew_add(&crew, 1, wait_for_it, &use);
    for (uint32_t i = 1; i <= 3; i++) {
        HD_AWAIT(hd_monitor_waiting(&use.monitor) == 1);
        HD_CHECK_EQUAL(use.calls, i);
        hd_monitor_notify(&use.monitor, 1);
    }
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use.result, HD_OK);
    HD_CHECK_EQUAL(use.calls, 4);
    hd_monitor_destroy(&use.monitor);
}

static void wait_for_does_not_wait_when_its_predicate_holds(void **state)
{
    struct use use;

    begin(&use, state, 0);
    hd_monitor_acquire(&use.monitor);
    HD_CHECK_RESULT(hd_condition_wait_for(&use.monitor.condition, count_call, &use, HD_FOREVER),
                    HD_OK);
    HD_CHECK_EQUAL(use.calls, 1);
    HD_CHECK_RESULT(hd_condition_wait_for(&use.monitor.condition, count_call, &use, HD_TEST_PAST),
                    HD_OK);
    HD_CHECK_EQUAL(use.calls, 2);
    hd_monitor_release(&use.monitor);
    hd_monitor_destroy(&use.monitor);
}

static void wait_for_gives_up_at_its_deadline_unless_its_predicate_holds_then(void **state)
{
    struct use use;

    begin(&use, state, UINT32_MAX);
    hd_monitor_acquire(&use.monitor);
    const uint64_t deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);

    HD_CHECK_RESULT(hd_condition_wait_for(&use.monitor.condition, count_call, &use, deadline_ns),
                    HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= deadline_ns);
    HD_CHECK_EQUAL(use.calls, 2);
    use.false_calls = 1;
    HD_CHECK_RESULT(hd_condition_wait_for(&use.monitor.condition, count_call, &use, HD_TEST_PAST),
                    HD_OK);
    hd_monitor_release(&use.monitor);
    hd_monitor_destroy(&use.monitor);
}

/* A notify that does not help must not give the wait a fresh deadline, nor end it. */
static void wait_for_keeps_its_deadline_over_notifies(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, UINT32_MAX);
    use.deadline_ns = hd_clock_after_ns(10 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 1, wait_for_it, &use);
    while (hd_crew_done(&crew) == 0) {
        hd_monitor_notify(&use.monitor, 1);
        (void)sched_yield(); /* the lock is not fair: let the waiter have it */
    }
    HD_CHECK(hd_clock_ns() >= use.deadline_ns);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use.result, HD_TIMEOUT);
    hd_monitor_destroy(&use.monitor);
}

const struct CMUnitTest hd_condition_wait_for_properties[] = {
    cmocka_unit_test(wait_for_tests_its_predicate_first_and_after_each_notify),
    cmocka_unit_test(wait_for_does_not_wait_when_its_predicate_holds),
    cmocka_unit_test(wait_for_gives_up_at_its_deadline_unless_its_predicate_holds_then),
    cmocka_unit_test(wait_for_keeps_its_deadline_over_notifies),
};
const size_t hd_condition_wait_for_property_count = HD_COUNT_OF(hd_condition_wait_for_properties);
