/*
 * What a condition promises over either lock. Waiting for a predicate is in
 * condition_wait_for_properties.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/clock.h>
#include <heddle/condition.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/monitor.h"
#include "tests/primitives/support.h"

/* A monitor, and what the threads that wait note down under it. */
struct use {
    struct hd_monitor monitor;
    uint64_t deadline_ns;
    size_t returned[HD_CREW_MAX]; /* under the lock: indices of threads, first to return first */
    size_t returned_count;        /* under the lock */
    enum hd_result results[HD_CREW_MAX]; /* each thread's own until it is joined */
    bool is_true;                        /* under the lock; for predicates */
};

static void begin(struct use *use, void **state)
{
    *use = (struct use){.deadline_ns = HD_FOREVER};
    hd_monitor_init(&use->monitor, hd_test_subject(state));
}

static void wait_and_note(void *shared, size_t index)
{
    struct use *use = shared;

    hd_monitor_acquire(&use->monitor);
    if (use->deadline_ns == HD_FOREVER) {
        use->results[index] = hd_condition_wait(&use->monitor.condition);
    } else {
        use->results[index] = hd_condition_wait_until(&use->monitor.condition, use->deadline_ns);
    }
    use->returned[use->returned_count] = index;
    use->returned_count++;
    hd_monitor_release(&use->monitor);
}

static size_t count_returned(struct use *use)
{
    hd_monitor_acquire(&use->monitor);
    const size_t count = use->returned_count;

    hd_monitor_release(&use->monitor);
    return count;
}

/* Threads that begin to wait one after the other. */
static void add_waiters(struct hd_crew *crew, struct use *use, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t before = hd_monitor_waiting(&use->monitor);

        hd_crew_add(crew, 1, wait_and_note, use);
        HD_AWAIT(hd_monitor_waiting(&use->monitor) == before + 1);
    }
}

static void notify_all(struct use *use)
{
    hd_monitor_acquire(&use->monitor);
    HD_CHECK_RESULT(hd_condition_notify_all(&use->monitor.condition), HD_OK);
    hd_monitor_release(&use->monitor);
}

static bool make_true(void *argument)
{
    bool *is_true = argument;

    *is_true = true;
    return true;
}

static void every_call_without_the_lock_is_refused_and_changes_nothing(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    for (uint32_t round = 0; round < 2; round++) {
        const union hd_any_lock before = use.monitor.any;

        HD_CHECK_RESULT(hd_condition_wait(&use.monitor.condition), HD_NOT_OWNER);
        HD_CHECK_RESULT(hd_condition_wait_until(&use.monitor.condition, HD_FOREVER), HD_NOT_OWNER);
        HD_CHECK_RESULT(hd_condition_wait_until(&use.monitor.condition, HD_TEST_PAST),
                        HD_NOT_OWNER);
        HD_CHECK_RESULT(
            hd_condition_wait_for(&use.monitor.condition, make_true, &use.is_true, HD_FOREVER),
            HD_NOT_OWNER);
        HD_CHECK(!use.is_true);
        HD_CHECK_RESULT(hd_condition_notify(&use.monitor.condition, 1), HD_NOT_OWNER);
        HD_CHECK_RESULT(hd_condition_notify_all(&use.monitor.condition), HD_NOT_OWNER);
        HD_CHECK(memcmp(&use.monitor.any, &before, use.monitor.kind->size) == 0);
        HD_CHECK_EQUAL(hd_monitor_waiting(&use.monitor), round == 0 ? 0 : 2);
        if (round == 0) {
            add_waiters(&crew, &use, 2);
        }
    }
    HD_CHECK_EQUAL(count_returned(&use), 0);
    notify_all(&use);
    hd_crew_join(&crew);
    hd_monitor_destroy(&use.monitor);
}

static void a_wait_releases_the_lock_and_takes_it_again(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    add_waiters(&crew, &use, 1);
    hd_monitor_acquire(&use.monitor); /* possible only because the wait has released it */
    HD_CHECK_RESULT(hd_condition_notify(&use.monitor.condition, 1), HD_OK);
    hd_crew_await_sleep(&crew, NULL);
    HD_CHECK_EQUAL(use.returned_count, 0);
    hd_monitor_release(&use.monitor);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use.results[0], HD_OK);
    hd_monitor_destroy(&use.monitor);
}

static void waits_end_in_the_order_in_which_they_began(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    add_waiters(&crew, &use, 8);
    for (size_t i = 0; i < 8; i++) {
        hd_monitor_notify(&use.monitor, 1);
        HD_AWAIT(count_returned(&use) == i + 1);
        HD_CHECK_EQUAL(use.returned[i], i);
    }
    hd_crew_join(&crew);
    hd_monitor_destroy(&use.monitor);
}

static void a_notify_of_n_ends_the_n_oldest_waits_and_no_more(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    add_waiters(&crew, &use, 8);
    hd_monitor_notify(&use.monitor, 0);
    HD_CHECK_EQUAL(hd_monitor_waiting(&use.monitor), 8);
    hd_monitor_notify(&use.monitor, 3);
    HD_CHECK_EQUAL(hd_monitor_waiting(&use.monitor), 5);
    HD_AWAIT(count_returned(&use) == 3);
    for (size_t i = 0; i < 3; i++) {
        HD_CHECK(use.returned[i] < 3);
    }
    hd_monitor_notify(&use.monitor, 2);
    HD_AWAIT(count_returned(&use) == 5);
    HD_CHECK_EQUAL(use.returned[3] + use.returned[4], 3 + 4);
    HD_CHECK_EQUAL(hd_monitor_waiting(&use.monitor), 3);
    hd_monitor_notify(&use.monitor, 100);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.returned_count, 8);
    hd_monitor_destroy(&use.monitor);
}

static void a_notify_of_all_ends_all_waits(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    add_waiters(&crew, &use, 8);
    notify_all(&use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.returned_count, 8);
    for (size_t i = 0; i < 8; i++) {
        HD_CHECK_RESULT(use.results[i], HD_OK);
    }
    hd_monitor_destroy(&use.monitor);
}

static void a_notify_that_finds_nobody_is_not_remembered(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    hd_monitor_notify(&use.monitor, 5);
    notify_all(&use);
    hd_monitor_acquire(&use.monitor);
    HD_CHECK_RESULT(hd_condition_wait_until(&use.monitor.condition, HD_TEST_PAST), HD_TIMEOUT);
    hd_monitor_release(&use.monitor);
    add_waiters(&crew, &use, 1);
    HD_CHECK_EQUAL(count_returned(&use), 0);
    hd_monitor_notify(&use.monitor, 1);
    hd_crew_join(&crew);
    hd_monitor_destroy(&use.monitor);
}

/* The thread that notifies waits itself at once, before the one it woke can run. */
static void a_wait_that_begins_later_cannot_steal_a_notify(void **state)
{
    struct use use;

    for (uint32_t round = 0; round < 20; round++) {
        struct hd_crew crew = {0};

        begin(&use, state);
        add_waiters(&crew, &use, 1);
        hd_monitor_acquire(&use.monitor);
        HD_CHECK_RESULT(hd_condition_notify(&use.monitor.condition, 1), HD_OK);
        HD_CHECK_RESULT(
            hd_condition_wait_until(&use.monitor.condition, hd_clock_after_ns(HD_MILLISECOND_NS)),
            HD_TIMEOUT);
        hd_monitor_release(&use.monitor);
        hd_crew_join(&crew);
        HD_CHECK_RESULT(use.results[0], HD_OK);
        hd_monitor_destroy(&use.monitor);
    }
}

static void a_wait_that_timed_out_uses_up_no_notify(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    use.deadline_ns = hd_clock_after_ns(20 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 1, wait_and_note, &use);
    HD_AWAIT(count_returned(&use) == 1);
    HD_CHECK_RESULT(use.results[0], HD_TIMEOUT);
    use.deadline_ns = HD_FOREVER;
    add_waiters(&crew, &use, 1);
    hd_monitor_notify(&use.monitor, 1);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use.results[1], HD_OK);
    hd_monitor_destroy(&use.monitor);
}

/* The notify comes when the deadline is past, but the waiter has not got the lock again yet. */
static void a_notify_before_the_lock_is_taken_again_is_no_timeout(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    use.deadline_ns = hd_clock_after_ns(20 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 1, wait_and_note, &use);
    /* A machine so slow that the wait is over before this is seen must not fail the test. */
    HD_AWAIT(hd_monitor_waiting(&use.monitor) == 1 || count_returned(&use) == 1);
    hd_monitor_acquire(&use.monitor);
    const bool is_waiting = use.monitor.condition.waiters.first != NULL;

    HD_AWAIT(hd_clock_ns() > use.deadline_ns);
    HD_AWAIT(use.monitor.kind->is_waited_for(&use.monitor.any) || !is_waiting);
    HD_CHECK_RESULT(hd_condition_notify(&use.monitor.condition, 1), HD_OK);
    hd_monitor_release(&use.monitor);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use.results[0], is_waiting ? HD_OK : HD_TIMEOUT);
    hd_monitor_destroy(&use.monitor);
}

/* Two wait until about the time of the one notify: it ends the wait of exactly one, or of none. */
static void one_notify_at_the_deadline_ends_one_wait_at_most(void **state)
{
    uint64_t seed = 4;
    struct use use;

    for (uint32_t round = 0; round < 150; round++) {
        struct hd_crew crew = {0};

        begin(&use, state);
        use.deadline_ns = hd_clock_after_ns(100000 + hd_random_below(&seed, 100000));
        hd_crew_add(&crew, 2, wait_and_note, &use);
        while (hd_clock_ns() + hd_random_below(&seed, 20000) < use.deadline_ns) {
        }
        hd_monitor_acquire(&use.monitor);
        const bool is_anybody_waiting = use.monitor.condition.waiters.first != NULL;

        HD_CHECK_RESULT(hd_condition_notify(&use.monitor.condition, 1), HD_OK);
        hd_monitor_release(&use.monitor);
        hd_crew_join(&crew);
        if (use.results[0] == HD_OK || use.results[1] == HD_OK) {
            HD_CHECK(is_anybody_waiting);
            HD_CHECK(use.results[0] != use.results[1]);
        } else {
            HD_CHECK(!is_anybody_waiting);
        }
        hd_monitor_destroy(&use.monitor);
    }
}

const struct CMUnitTest hd_condition_properties[] = {
    cmocka_unit_test(every_call_without_the_lock_is_refused_and_changes_nothing),
    cmocka_unit_test(a_wait_releases_the_lock_and_takes_it_again),
    cmocka_unit_test(waits_end_in_the_order_in_which_they_began),
    cmocka_unit_test(a_notify_of_n_ends_the_n_oldest_waits_and_no_more),
    cmocka_unit_test(a_notify_of_all_ends_all_waits),
    cmocka_unit_test(a_notify_that_finds_nobody_is_not_remembered),
    cmocka_unit_test(a_wait_that_begins_later_cannot_steal_a_notify),
    cmocka_unit_test(a_wait_that_timed_out_uses_up_no_notify),
    cmocka_unit_test(a_notify_before_the_lock_is_taken_again_is_no_timeout),
    cmocka_unit_test(one_notify_at_the_deadline_ends_one_wait_at_most),
};
const size_t hd_condition_property_count = HD_COUNT_OF(hd_condition_properties);
