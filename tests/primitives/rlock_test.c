/*
 * Reentrant lock: owner and depth.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/rlock.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/support.h"

/* What a thread that is not the owner sees. */
struct view {
    struct hd_rlock *rlock;
    enum hd_result try_result;
    enum hd_result release_result;
    bool is_locked;
    bool is_owned;
    uint32_t depth;
};

static void look(void *shared, size_t index)
{
    struct view *view = shared;

    (void)index;
    view->release_result = hd_rlock_release(view->rlock);
    view->is_locked = hd_rlock_is_locked(view->rlock);
    view->is_owned = hd_rlock_is_owned(view->rlock);
    view->depth = hd_rlock_depth(view->rlock);
    view->try_result = hd_rlock_try_acquire(view->rlock);
    if (view->try_result == HD_OK) {
        HD_CHECK(hd_rlock_is_owned(view->rlock));
        HD_CHECK_EQUAL(hd_rlock_depth(view->rlock), 1);
        HD_CHECK_RESULT(hd_rlock_release(view->rlock), HD_OK);
    }
}

static struct view look_elsewhere(struct hd_rlock *rlock)
{
    struct view view = {.rlock = rlock};
    struct hd_crew crew = {0};

    hd_crew_add(&crew, 1, look, &view);
    hd_crew_join(&crew);
    return view;
}

static void check_held_by_caller(struct hd_rlock *rlock, uint32_t depth)
{
    HD_CHECK(hd_rlock_is_locked(rlock));
    HD_CHECK(hd_rlock_is_owned(rlock));
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), depth);

    const struct view view = look_elsewhere(rlock);

    HD_CHECK_RESULT(view.release_result, HD_NOT_OWNER);
    HD_CHECK(view.is_locked);
    HD_CHECK(!view.is_owned);
    HD_CHECK_EQUAL(view.depth, 0);
    HD_CHECK_RESULT(view.try_result, HD_BUSY);
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), depth);
}

static void check_free(struct hd_rlock *rlock)
{
    HD_CHECK(!hd_rlock_is_locked(rlock));
    HD_CHECK(!hd_rlock_is_owned(rlock));
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), 0);

    const struct view view = look_elsewhere(rlock);

    HD_CHECK_RESULT(view.release_result, HD_NOT_OWNER);
    HD_CHECK(!view.is_locked);
    HD_CHECK(!view.is_owned);
    HD_CHECK_EQUAL(view.depth, 0);
    HD_CHECK_RESULT(view.try_result, HD_OK);
}

static void only_the_outermost_release_frees_it(void **state)
{
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;

    (void)state;
    check_free(&rlock);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    check_held_by_caller(&rlock, 1);
    HD_CHECK_RESULT(hd_rlock_try_acquire(&rlock), HD_OK);
    check_held_by_caller(&rlock, 2);
    HD_CHECK_RESULT(hd_rlock_acquire_until(&rlock, HD_TEST_PAST), HD_OK);
    check_held_by_caller(&rlock, 3);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_held_by_caller(&rlock, 2);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_held_by_caller(&rlock, 1);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_free(&rlock);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_NOT_OWNER);
    check_free(&rlock);
    hd_rlock_destroy(&rlock);
}

static void the_deepest_recursion_is_an_overflow_that_changes_nothing(void **state)
{
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;

    (void)state;
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    rlock.depth = UINT32_MAX; /* as if acquired so often */
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OVERFLOW);
    HD_CHECK_RESULT(hd_rlock_try_acquire(&rlock), HD_OVERFLOW);
    HD_CHECK_RESULT(hd_rlock_acquire_until(&rlock, HD_FOREVER), HD_OVERFLOW);
    HD_CHECK_RESULT(hd_rlock_acquire_until(&rlock, HD_TEST_PAST), HD_OVERFLOW);
    check_held_by_caller(&rlock, UINT32_MAX);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    HD_CHECK_EQUAL(hd_rlock_depth(&rlock), UINT32_MAX - 1);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    HD_CHECK_EQUAL(hd_rlock_depth(&rlock), UINT32_MAX);
    rlock.depth = 1;
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_free(&rlock);
    hd_rlock_destroy(&rlock);
}

static void acquire_at_depth_two(void *shared, size_t index)
{
    struct hd_rlock *rlock = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rlock_acquire(rlock), HD_OK);
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), 1);
    HD_CHECK_RESULT(hd_rlock_acquire(rlock), HD_OK);
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), 2);
    HD_CHECK_RESULT(hd_rlock_release(rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_release(rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_release(rlock), HD_NOT_OWNER);
}

static void each_owner_begins_at_depth_one(void **state)
{
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    hd_crew_add(&crew, 4, acquire_at_depth_two, &rlock);
    hd_crew_await_sleep(&crew, &rlock.word);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    hd_crew_join(&crew);
    check_free(&rlock);
    hd_rlock_destroy(&rlock);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_outermost_release_frees_it),
        cmocka_unit_test(the_deepest_recursion_is_an_overflow_that_changes_nothing),
        cmocka_unit_test(each_owner_begins_at_depth_one),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_lock_properties, hd_lock_property_count, &hd_rlock_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
