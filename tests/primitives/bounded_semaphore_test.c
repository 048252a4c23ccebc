/*
 * Bounded semaphore: its bound is the value it began with.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/bounded_semaphore.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/semaphore_kinds.h"
#include "tests/primitives/support.h"

static void the_static_initializer_sets_units_and_bound(void **state)
{
    struct hd_bounded_semaphore bounded = HD_BOUNDED_SEMAPHORE_INITIALIZER(2);

    (void)state;
    HD_CHECK_EQUAL(hd_bounded_semaphore_value(&bounded), 2);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 1), HD_OVERFLOW);
    hd_bounded_semaphore_acquire(&bounded);
    hd_bounded_semaphore_acquire(&bounded);
    HD_CHECK_RESULT(hd_bounded_semaphore_try_acquire(&bounded), HD_BUSY);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 3), HD_OVERFLOW);
    HD_CHECK_EQUAL(hd_bounded_semaphore_value(&bounded), 0);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 2), HD_OK);
    HD_CHECK_EQUAL(hd_bounded_semaphore_value(&bounded), 2);
    hd_bounded_semaphore_destroy(&bounded);
}

static void one_without_units_never_has_any(void **state)
{
    struct hd_bounded_semaphore bounded = HD_BOUNDED_SEMAPHORE_INITIALIZER(0);

    (void)state;
    HD_CHECK_RESULT(hd_bounded_semaphore_try_acquire(&bounded), HD_BUSY);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 1), HD_OVERFLOW);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 0), HD_OK);
    HD_CHECK_EQUAL(hd_bounded_semaphore_value(&bounded), 0);
    hd_bounded_semaphore_destroy(&bounded);
}

static void a_second_init_sets_another_bound(void **state)
{
    struct hd_bounded_semaphore bounded = HD_BOUNDED_SEMAPHORE_INITIALIZER(9);

    (void)state;
    hd_bounded_semaphore_destroy(&bounded);
    HD_CHECK_RESULT(hd_bounded_semaphore_init(&bounded, 1), HD_OK);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 1), HD_OVERFLOW);
    HD_CHECK_EQUAL(hd_bounded_semaphore_value(&bounded), 1);
    hd_bounded_semaphore_destroy(&bounded);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_static_initializer_sets_units_and_bound),
        cmocka_unit_test(one_without_units_never_has_any),
        cmocka_unit_test(a_second_init_sets_another_bound),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_semaphore_properties, hd_semaphore_property_count, &hd_bound_semaphore_kind},
        {hd_lock_properties, hd_lock_property_count, &hd_bounded_semaphore_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
