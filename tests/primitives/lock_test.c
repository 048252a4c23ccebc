/*
 * Lock: what it promises beyond what all locks do.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lock.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/support.h"

static void it_takes_four_bytes(void **state)
{
    (void)state;
    HD_CHECK_EQUAL(sizeof(struct hd_lock), 4);
}

static void it_says_whether_it_is_held(void **state)
{
    struct hd_lock lock = HD_LOCK_INITIALIZER;

    (void)state;
    HD_CHECK(!hd_lock_is_locked(&lock));
    hd_lock_acquire(&lock);
    HD_CHECK(hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_try_acquire(&lock), HD_BUSY);
    HD_CHECK(hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    HD_CHECK(!hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_NOT_OWNER);
    HD_CHECK(!hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_try_acquire(&lock), HD_OK);
    HD_CHECK(hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    HD_CHECK_RESULT(hd_lock_acquire_until(&lock, HD_TEST_PAST), HD_OK);
    HD_CHECK(hd_lock_is_locked(&lock));
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    hd_lock_destroy(&lock);
}

static void acquire_and_release(void *shared, size_t index)
{
    struct hd_lock *lock = shared;

    (void)index;
    hd_lock_acquire(lock);
    HD_CHECK_RESULT(hd_lock_release(lock), HD_OK);
}

/* Bits 0 and 1 as the header describes them; no other is ever set. */
static void its_word_is_as_documented(void **state)
{
    struct hd_lock lock = HD_LOCK_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    hd_lock_acquire(&lock);
    HD_CHECK_EQUAL(lock.word, 1);
    hd_crew_add(&crew, 4, acquire_and_release, &lock);
    hd_crew_await_sleep(&crew, &lock.word);
    HD_CHECK_EQUAL(__atomic_load_n(&lock.word, __ATOMIC_RELAXED), 3);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(lock.word, 0);
    hd_lock_destroy(&lock);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_four_bytes),
        cmocka_unit_test(it_says_whether_it_is_held),
        cmocka_unit_test(its_word_is_as_documented),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_lock_properties, hd_lock_property_count, &hd_lock_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
