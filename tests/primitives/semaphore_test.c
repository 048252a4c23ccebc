/*
 * Semaphore: what it promises beyond what both semaphores do.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/semaphore.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/semaphore_kinds.h"
#include "tests/primitives/support.h"

static void it_may_grow_past_its_initial_value_up_to_the_maximum(void **state)
{
    struct hd_semaphore semaphore = HD_SEMAPHORE_INITIALIZER(0);

    (void)state;
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, UINT32_MAX), HD_OVERFLOW);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, HD_SEMAPHORE_MAX + 1), HD_OVERFLOW);
    HD_CHECK_EQUAL(hd_semaphore_value(&semaphore), 0);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, 7), HD_OK);
    HD_CHECK_EQUAL(hd_semaphore_value(&semaphore), 7);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, HD_SEMAPHORE_MAX - 6), HD_OVERFLOW);
    HD_CHECK_EQUAL(hd_semaphore_value(&semaphore), 7);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, HD_SEMAPHORE_MAX - 7), HD_OK);
    HD_CHECK_EQUAL(hd_semaphore_value(&semaphore), HD_SEMAPHORE_MAX);
    hd_semaphore_destroy(&semaphore);
}

static void the_static_initializer_gives_its_units(void **state)
{
    struct hd_semaphore none = HD_SEMAPHORE_INITIALIZER(0);
    struct hd_semaphore some = HD_SEMAPHORE_INITIALIZER(3);
    struct hd_semaphore most = HD_SEMAPHORE_INITIALIZER(HD_SEMAPHORE_MAX);

    (void)state;
    HD_CHECK_EQUAL(hd_semaphore_value(&none), 0);
    HD_CHECK_EQUAL(hd_semaphore_value(&some), 3);
    HD_CHECK_EQUAL(hd_semaphore_value(&most), HD_SEMAPHORE_MAX);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_may_grow_past_its_initial_value_up_to_the_maximum),
        cmocka_unit_test(the_static_initializer_gives_its_units),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_semaphore_properties, hd_semaphore_property_count, &hd_plain_semaphore_kind},
        {hd_lock_properties, hd_lock_property_count, &hd_semaphore_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
