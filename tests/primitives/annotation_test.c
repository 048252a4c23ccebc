/*
 * Annotations: which calls the objects make when all of them are annotated, so that a runtime that
 * takes ownership from the calls knows at any time who holds what.
 *
 * This test is linked with the library built with HD_ANNOTATE=2 and answers the calls itself.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sanitizer/tsan_interface.h>

#include <heddle/barrier.h>
#include <heddle/bounded_semaphore.h>
#include <heddle/clock.h>
#include <heddle/condition.h>
#include <heddle/event.h>
#include <heddle/fifo_queue.h>
#include <heddle/lock.h>
#include <heddle/ring.h>
#include <heddle/rlock.h>
#include <heddle/rwlock.h>
#include <heddle/semaphore.h>

#include "tests/primitives/annotation.h"
#include "tests/primitives/support.h"

void __tsan_mutex_create(void *addr, unsigned flags)
{
    hd_annotation_note(HD_ANNOTATION_CREATE, addr, flags);
}

void __tsan_mutex_destroy(void *addr, unsigned flags)
{
    hd_annotation_note(HD_ANNOTATION_DESTROY, addr, flags);
}

void __tsan_mutex_pre_lock(void *addr, unsigned flags)
{
    hd_annotation_note(HD_ANNOTATION_PRE_LOCK, addr, flags);
}

void __tsan_mutex_post_lock(void *addr, unsigned flags, int recursion)
{
    HD_CHECK_EQUAL((uint64_t)recursion, 0);
    hd_annotation_note(HD_ANNOTATION_POST_LOCK, addr, flags);
}

int __tsan_mutex_pre_unlock(void *addr, unsigned flags)
{
    hd_annotation_note(HD_ANNOTATION_PRE_UNLOCK, addr, flags);
    return 0;
}

void __tsan_mutex_post_unlock(void *addr, unsigned flags)
{
    hd_annotation_note(HD_ANNOTATION_POST_UNLOCK, addr, flags);
}

static void check_no_calls(void) { hd_annotation_check(NULL, NULL, 0); }

static void check_created(const void *object)
{
    const struct hd_annotation calls[] = {{HD_ANNOTATION_CREATE, 0}};

    hd_annotation_check(object, calls, 1);
}

static void check_destroyed(const void *object)
{
    const struct hd_annotation calls[] = {{HD_ANNOTATION_DESTROY, 0}};

    hd_annotation_check(object, calls, 1);
}

static void check_acquired(const void *object, unsigned how)
{
    const struct hd_annotation calls[] = {{HD_ANNOTATION_PRE_LOCK, how},
                                          {HD_ANNOTATION_POST_LOCK, how}};

    hd_annotation_check(object, calls, 2);
}

static void check_failed(const void *object, unsigned how)
{
    const struct hd_annotation calls[] = {
        {HD_ANNOTATION_PRE_LOCK, how | HD_ANNOTATION_TRY},
        {HD_ANNOTATION_POST_LOCK, how | HD_ANNOTATION_TRY | HD_ANNOTATION_FAILED}};

    hd_annotation_check(object, calls, 2);
}

static void check_released(const void *object, unsigned how)
{
    const struct hd_annotation calls[] = {{HD_ANNOTATION_PRE_UNLOCK, how},
                                          {HD_ANNOTATION_POST_UNLOCK, how}};

    hd_annotation_check(object, calls, 2);
}

/* Released for a wait, and taken again. */
static void check_waited(const void *object)
{
    const struct hd_annotation calls[] = {{HD_ANNOTATION_PRE_UNLOCK, HD_ANNOTATION_EXCLUSIVE},
                                          {HD_ANNOTATION_POST_UNLOCK, HD_ANNOTATION_EXCLUSIVE},
                                          {HD_ANNOTATION_PRE_LOCK, HD_ANNOTATION_EXCLUSIVE},
                                          {HD_ANNOTATION_POST_LOCK, HD_ANNOTATION_EXCLUSIVE}};

    hd_annotation_check(object, calls, 4);
}

static void the_values_are_those_of_the_interface(void **state)
{
    (void)state;
    HD_CHECK_EQUAL(__tsan_mutex_read_lock, HD_ANNOTATION_SHARED);
    HD_CHECK_EQUAL(__tsan_mutex_try_lock, HD_ANNOTATION_TRY);
    HD_CHECK_EQUAL(__tsan_mutex_try_lock_failed, HD_ANNOTATION_FAILED);
}

static void a_lock_says_who_holds_it(void **state)
{
    struct hd_lock lock;

    (void)state;
    hd_lock_init(&lock);
    check_created(&lock);
    hd_lock_acquire(&lock);
    check_acquired(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_try_acquire(&lock), HD_BUSY);
    check_failed(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_acquire_until(&lock, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK(hd_lock_is_locked(&lock));
    check_no_calls();
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    check_released(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_lock_try_acquire(&lock), HD_OK);
    check_acquired(&lock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    check_released(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_acquire_until(&lock, HD_TEST_PAST), HD_OK);
    check_acquired(&lock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    check_released(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_acquire_until(&lock, HD_FOREVER), HD_OK);
    check_acquired(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    check_released(&lock, HD_ANNOTATION_EXCLUSIVE);
    hd_lock_destroy(&lock);
    check_destroyed(&lock);
}

static void a_semaphore_is_annotated_as_a_lock(void **state)
{
    struct hd_semaphore semaphore;

    (void)state;
    HD_CHECK_RESULT(hd_semaphore_init(&semaphore, UINT32_MAX), HD_INVALID);
    check_no_calls();
    HD_CHECK_RESULT(hd_semaphore_init(&semaphore, 3), HD_OK);
    check_created(&semaphore);
    hd_semaphore_acquire(&semaphore);
    check_acquired(&semaphore, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_semaphore_try_acquire(&semaphore), HD_OK);
    check_acquired(&semaphore, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_semaphore_acquire_until(&semaphore, HD_FOREVER), HD_OK);
    check_acquired(&semaphore, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_semaphore_try_acquire(&semaphore), HD_BUSY);
    check_failed(&semaphore, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_semaphore_acquire_until(&semaphore, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(&semaphore, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_EQUAL(hd_semaphore_value(&semaphore), 0);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, 0), HD_OK);
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, UINT32_MAX), HD_OVERFLOW);
    check_no_calls();
    HD_CHECK_RESULT(hd_semaphore_release(&semaphore, 2), HD_OK);
    check_released(&semaphore, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_semaphore_acquire_until(&semaphore, HD_TEST_PAST), HD_OK);
    check_acquired(&semaphore, HD_ANNOTATION_TRY);
    hd_semaphore_destroy(&semaphore);
    check_destroyed(&semaphore);
}

static void a_bounded_semaphore_is_annotated_as_a_lock(void **state)
{
    struct hd_bounded_semaphore bounded;

    (void)state;
    HD_CHECK_RESULT(hd_bounded_semaphore_init(&bounded, 1), HD_OK);
    check_created(&bounded);
    hd_bounded_semaphore_acquire(&bounded);
    check_acquired(&bounded, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_bounded_semaphore_try_acquire(&bounded), HD_BUSY);
    check_failed(&bounded, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_bounded_semaphore_acquire_until(&bounded, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(&bounded, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 2), HD_OVERFLOW);
    check_no_calls();
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 1), HD_OK);
    check_released(&bounded, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_bounded_semaphore_release(&bounded, 1), HD_OVERFLOW);
    check_no_calls();
    hd_bounded_semaphore_destroy(&bounded);
    check_destroyed(&bounded);
}

static void try_rlock(void *shared, size_t index)
{
    struct hd_rlock *rlock = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rlock_release(rlock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_rlock_try_acquire(rlock), HD_BUSY);
    check_failed(rlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rlock_acquire_until(rlock, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(rlock, HD_ANNOTATION_EXCLUSIVE);
}

static void an_rlock_is_annotated_at_its_outermost_level_only(void **state)
{
    struct hd_crew crew = {0};
    struct hd_rlock rlock;

    (void)state;
    hd_rlock_init(&rlock);
    check_created(&rlock);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    check_acquired(&rlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_try_acquire(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_acquire_until(&rlock, HD_TEST_PAST), HD_OK);
    rlock.depth += UINT32_MAX - 4;
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OVERFLOW);
    rlock.depth -= UINT32_MAX - 4;
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_no_calls();
    hd_crew_add(&crew, 1, try_rlock, &rlock);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_released(&rlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_rlock_try_acquire(&rlock), HD_OK);
    check_acquired(&rlock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_released(&rlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rlock_acquire_until(&rlock, HD_TEST_PAST), HD_OK);
    check_acquired(&rlock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_released(&rlock, HD_ANNOTATION_EXCLUSIVE);
    hd_rlock_destroy(&rlock);
    check_destroyed(&rlock);
}

static void an_rwlock_says_who_holds_it_exclusively(void **state)
{
    struct hd_rwlock rwlock;

    (void)state;
    hd_rwlock_init(&rwlock);
    check_created(&rwlock);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&rwlock), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&rwlock), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&rwlock), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&rwlock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_rwlock_try_acquire_exclusive(&rwlock), HD_BUSY);
    check_failed(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rwlock_try_acquire_shared(&rwlock), HD_BUSY);
    check_failed(&rwlock, HD_ANNOTATION_SHARED);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&rwlock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(&rwlock, HD_TEST_PAST), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rwlock_try_acquire_exclusive(&rwlock), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    hd_rwlock_destroy(&rwlock);
    check_destroyed(&rwlock);
}

static void write_in_vain(void *shared, size_t index)
{
    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(shared, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(shared, HD_ANNOTATION_EXCLUSIVE);
}

static void read_in_vain(void *shared, size_t index)
{
    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared_until(shared, HD_TEST_PAST), HD_TIMEOUT);
    check_failed(shared, HD_ANNOTATION_SHARED);
}

static void an_rwlock_says_who_shares_it(void **state)
{
    struct hd_rwlock rwlock = HD_RWLOCK_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_rwlock_release_shared(&rwlock), HD_NOT_OWNER);
    check_no_calls();
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&rwlock), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_SHARED);
    hd_crew_add(&crew, 1, write_in_vain, &rwlock);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_SHARED);
    HD_CHECK_RESULT(hd_rwlock_try_acquire_shared(&rwlock), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_SHARED | HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_SHARED);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared_until(&rwlock, HD_TEST_PAST), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_SHARED | HD_ANNOTATION_TRY);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_SHARED);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&rwlock), HD_OK);
    check_acquired(&rwlock, HD_ANNOTATION_EXCLUSIVE);
    hd_crew_add(&crew, 1, read_in_vain, &rwlock);
    hd_crew_join(&crew);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&rwlock), HD_OK);
    check_released(&rwlock, HD_ANNOTATION_EXCLUSIVE);
}

static void a_wait_gives_up_a_lock_and_takes_it_again(void **state)
{
    struct hd_lock lock = HD_LOCK_INITIALIZER;
    struct hd_condition condition;

    (void)state;
    hd_condition_init(&condition, &lock);
    HD_CHECK_RESULT(hd_condition_wait(&condition), HD_NOT_OWNER);
    check_no_calls();
    hd_lock_acquire(&lock);
    check_acquired(&lock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_condition_wait_until(&condition, HD_TEST_PAST), HD_TIMEOUT);
    check_waited(&lock);
    HD_CHECK_RESULT(hd_condition_notify_all(&condition), HD_OK);
    check_no_calls();
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
    check_released(&lock, HD_ANNOTATION_EXCLUSIVE);
    hd_condition_destroy(&condition);
    check_no_calls();
}

static void a_wait_gives_up_all_levels_of_an_rlock_as_one(void **state)
{
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;
    struct hd_condition condition;

    (void)state;
    hd_condition_init_rlock(&condition, &rlock);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    check_acquired(&rlock, HD_ANNOTATION_EXCLUSIVE);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_condition_wait_until(&condition, HD_TEST_PAST), HD_TIMEOUT);
    check_waited(&rlock);
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_no_calls();
    HD_CHECK_RESULT(hd_rlock_release(&rlock), HD_OK);
    check_released(&rlock, HD_ANNOTATION_EXCLUSIVE);
    hd_condition_destroy(&condition);
    check_no_calls();
}

/* They hold their guards only within a call: nothing that anybody could deadlock on. */
static void objects_that_nobody_holds_are_not_annotated(void **state)
{
    struct hd_ring_slot slots[2];
    struct hd_ring ring;
    struct hd_event event;
    struct hd_barrier barrier;
    struct hd_fifo_queue queue;
    void *item = NULL;

    (void)state;
    hd_event_init(&event);
    hd_event_set(&event);
    hd_event_wait(&event);
    hd_event_destroy(&event);
    HD_CHECK_RESULT(hd_barrier_init(&barrier, 1, NULL, NULL), HD_OK);
    HD_CHECK_RESULT(hd_barrier_wait(&barrier, NULL), HD_OK);
    hd_barrier_destroy(&barrier);
    hd_fifo_queue_init(&queue, 1);
    HD_CHECK_RESULT(hd_fifo_queue_put(&queue, NULL), HD_OK);
    HD_CHECK_RESULT(hd_fifo_queue_get(&queue, &item), HD_OK);
    hd_fifo_queue_destroy(&queue);
    HD_CHECK_RESULT(hd_ring_init(&ring, slots, 2), HD_OK);
    HD_CHECK_RESULT(hd_ring_try_put(&ring, NULL), HD_OK);
    hd_ring_destroy(&ring);
    check_no_calls();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_values_are_those_of_the_interface),
        cmocka_unit_test(a_lock_says_who_holds_it),
        cmocka_unit_test(a_semaphore_is_annotated_as_a_lock),
        cmocka_unit_test(a_bounded_semaphore_is_annotated_as_a_lock),
        cmocka_unit_test(an_rlock_is_annotated_at_its_outermost_level_only),
        cmocka_unit_test(an_rwlock_says_who_holds_it_exclusively),
        cmocka_unit_test(an_rwlock_says_who_shares_it),
        cmocka_unit_test(a_wait_gives_up_a_lock_and_takes_it_again),
        cmocka_unit_test(a_wait_gives_up_all_levels_of_an_rlock_as_one),
        cmocka_unit_test(objects_that_nobody_holds_are_not_annotated),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
