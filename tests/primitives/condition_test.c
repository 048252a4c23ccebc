/*
 * Condition: what depends on which lock it is over. What does not is in condition_properties.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/condition.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/monitor.h"
#include "tests/primitives/support.h"

/* A monitor over an rlock, and what threads wait for in it. */
struct use {
    struct hd_monitor monitor;
    bool is_true; /* under the lock */
};

static void begin(struct use *use)
{
    use->is_true = false;
    hd_monitor_init(&use->monitor, &hd_rlock_kind);
}

static void check_initial(const struct hd_condition *condition,
                          const struct hd_lock *lock,
                          const struct hd_rlock *rlock)
{
    HD_CHECK(condition->lock == lock);
    HD_CHECK(condition->rlock == rlock);
    HD_CHECK(condition->waiters.first == NULL);
    HD_CHECK(condition->waiters.last == NULL);
}

static void init_makes_what_the_static_initializers_make(void **state)
{
    static struct hd_lock lock = HD_LOCK_INITIALIZER;
    static struct hd_rlock rlock = HD_RLOCK_INITIALIZER;
    static struct hd_condition initial = HD_CONDITION_INITIALIZER(&lock);
    static struct hd_condition initial_rlock = HD_CONDITION_INITIALIZER_RLOCK(&rlock);
    struct hd_condition condition;

    (void)state;
    check_initial(&initial, &lock, NULL);
    check_initial(&initial_rlock, NULL, &rlock);
    memset(&condition, 0xff, sizeof(condition));
    hd_condition_init(&condition, &lock);
    check_initial(&condition, &lock, NULL);
    hd_condition_destroy(&condition);
    memset(&condition, 0xff, sizeof(condition));
    hd_condition_init_rlock(&condition, &rlock);
    check_initial(&condition, NULL, &rlock);
    hd_condition_destroy(&condition);
}

static bool look(void *argument)
{
    const bool *is_true = argument;

    return *is_true;
}

static void acquire_thrice(struct use *use)
{
    hd_monitor_acquire(&use->monitor);
    hd_monitor_acquire(&use->monitor);
    hd_monitor_acquire(&use->monitor);
}

static void release_thrice(struct use *use)
{
    HD_CHECK_EQUAL(hd_rlock_depth(&use->monitor.any.rlock), 3);
    hd_monitor_release(&use->monitor);
    hd_monitor_release(&use->monitor);
    hd_monitor_release(&use->monitor);
}

static void wait_at_depth_three(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    acquire_thrice(use);
    HD_CHECK_RESULT(hd_condition_wait(&use->monitor.condition), HD_OK);
    release_thrice(use);
}

static void wait_for_at_depth_three(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    acquire_thrice(use);
    HD_CHECK_RESULT(hd_condition_wait_for(&use->monitor.condition, look, &use->is_true, HD_FOREVER),
                    HD_OK);
    release_thrice(use);
}

static void an_rlock_is_released_at_all_its_levels_and_restored(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    hd_crew_add(&crew, 1, wait_at_depth_three, &use);
    hd_crew_add(&crew, 1, wait_for_at_depth_three, &use);
    HD_AWAIT(hd_monitor_waiting(&use.monitor) == 2);
    acquire_thrice(&use);
    HD_CHECK_RESULT(hd_condition_wait_until(&use.monitor.condition, HD_TEST_PAST), HD_TIMEOUT);
    use.is_true = true;
    HD_CHECK_RESULT(hd_condition_notify_all(&use.monitor.condition), HD_OK);
    release_thrice(&use);
    hd_crew_join(&crew);
    HD_CHECK(!hd_rlock_is_locked(&use.monitor.any.rlock));
    hd_monitor_destroy(&use.monitor);
}

static bool make_true(void *argument)
{
    bool *is_true = argument;

    *is_true = true;
    return true;
}

static void call_all_without_ownership(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    HD_CHECK_RESULT(hd_condition_wait(&use->monitor.condition), HD_NOT_OWNER);
    HD_CHECK_RESULT(hd_condition_wait_until(&use->monitor.condition, HD_FOREVER), HD_NOT_OWNER);
    HD_CHECK_RESULT(
        hd_condition_wait_for(&use->monitor.condition, make_true, &use->is_true, HD_FOREVER),
        HD_NOT_OWNER);
    HD_CHECK_RESULT(hd_condition_notify(&use->monitor.condition, 1), HD_NOT_OWNER);
    HD_CHECK_RESULT(hd_condition_notify_all(&use->monitor.condition), HD_NOT_OWNER);
}

static void an_rlock_that_another_thread_holds_does_not_serve(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    hd_monitor_acquire(&use.monitor);
    hd_crew_add(&crew, 1, call_all_without_ownership, &use);
    hd_crew_join(&crew);
    HD_CHECK(!use.is_true);
    HD_CHECK_EQUAL(hd_rlock_depth(&use.monitor.any.rlock), 1);
    hd_monitor_release(&use.monitor);
    hd_monitor_destroy(&use.monitor);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_makes_what_the_static_initializers_make),
        cmocka_unit_test(an_rlock_is_released_at_all_its_levels_and_restored),
        cmocka_unit_test(an_rlock_that_another_thread_holds_does_not_serve),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_condition_properties, hd_condition_property_count, &hd_lock_kind},
        {hd_condition_properties, hd_condition_property_count, &hd_rlock_kind},
        {hd_condition_wait_for_properties, hd_condition_wait_for_property_count, &hd_lock_kind},
        {hd_condition_wait_for_properties, hd_condition_wait_for_property_count, &hd_rlock_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
