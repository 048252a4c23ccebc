/*
 * What the child of a fork may use, as the headers say under "Fork": what nobody else used, what
 * the forking thread held, and a lock, a semaphore and an event whatever other threads did.
 *
 * The parent has other threads whenever it forks. The child has one, and may not start any:
 * ThreadSanitizer does not support that.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/barrier.h>
#include <heddle/bounded_semaphore.h>
#include <heddle/clock.h>
#include <heddle/condition.h>
#include <heddle/event.h>
#include <heddle/lock.h>
#include <heddle/rlock.h>
#include <heddle/rwlock.h>
#include <heddle/semaphore.h>
#include <heddle/thread.h>
#include <heddle/thread_local.h>

#include "tests/primitives/fork.h"
#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/ring_kinds.h"
#include "tests/primitives/support.h"

static void wait_for_it(void *shared, size_t index)
{
    (void)index;
    hd_event_wait(shared);
}

struct lock_use {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
};

static void use_lock(void *shared)
{
    struct lock_use *use = shared;

    HD_CHECK_RESULT(use->kind->acquire(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->try_acquire(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->acquire_until(&use->any, HD_TEST_PAST), HD_OK);
    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
}

static void release_and_use_lock(void *shared)
{
    struct lock_use *use = shared;

    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
    use_lock(use);
}

static void locks_that_nobody_held_work_in_the_child(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_lock_kind_count; i++) {
        struct lock_use use = {.kind = hd_lock_kinds[i]};

        use.kind->init(&use.any);
        hd_fork_among_threads(use_lock, &use);
        use_lock(&use);
        use.kind->destroy(&use.any);
    }
}

static void locks_that_the_forking_thread_held_the_child_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_lock_kind_count; i++) {
        struct lock_use use = {.kind = hd_lock_kinds[i]};

        use.kind->init(&use.any);
        HD_CHECK_RESULT(use.kind->acquire(&use.any), HD_OK);
        hd_fork_among_threads(release_and_use_lock, &use);
        release_and_use_lock(&use);
        use.kind->destroy(&use.any);
    }
}

static void acquire_and_release(void *shared, size_t index)
{
    struct lock_use *use = shared;

    (void)index;
    HD_CHECK_RESULT(use->kind->acquire(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
}

/* Threads sleep in it; none of them exists in the child. */
static void check_waited_for(const struct hd_lock_kind *kind)
{
    struct lock_use use = {.kind = kind};
    struct hd_crew crew = {0};

    kind->init(&use.any);
    HD_CHECK_RESULT(kind->acquire(&use.any), HD_OK);
    hd_crew_add(&crew, 3, acquire_and_release, &use);
    hd_crew_await_sleep(&crew, NULL);
    HD_AWAIT(kind->is_waited_for(&use.any));
    hd_fork(release_and_use_lock, &use);
    HD_CHECK_RESULT(kind->release(&use.any), HD_OK);
    hd_crew_join(&crew);
    kind->destroy(&use.any);
}

static void a_lock_that_was_waited_for_works_in_the_child(void **state)
{
    (void)state;
    check_waited_for(&hd_lock_kind);
    check_waited_for(&hd_rlock_kind);
}

static void semaphores_that_were_waited_for_work_in_the_child(void **state)
{
    (void)state;
    check_waited_for(&hd_semaphore_kind);
    check_waited_for(&hd_bounded_semaphore_kind);
}

static void use_rlock_at_depth_two(void *shared)
{
    struct hd_rlock *rlock = shared;

    HD_CHECK(hd_rlock_is_owned(rlock));
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), 2);
    HD_CHECK_RESULT(hd_rlock_acquire(rlock), HD_OK);
    HD_CHECK_EQUAL(hd_rlock_depth(rlock), 3);
    for (uint32_t depth = 3; depth > 0; depth--) {
        HD_CHECK_RESULT(hd_rlock_release(rlock), HD_OK);
    }
    HD_CHECK(!hd_rlock_is_locked(rlock));
}

static void the_child_owns_an_rlock_as_deeply_as_its_parent(void **state)
{
    struct hd_rlock rlock = HD_RLOCK_INITIALIZER;

    (void)state;
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    HD_CHECK_RESULT(hd_rlock_acquire(&rlock), HD_OK);
    hd_fork_among_threads(use_rlock_at_depth_two, &rlock);
    use_rlock_at_depth_two(&rlock);
    hd_rlock_destroy(&rlock);
}

static void use_shared(void *shared)
{
    struct hd_rwlock *rwlock = shared;

    HD_CHECK_RESULT(hd_rwlock_release_shared(rwlock), HD_OK);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(rwlock), HD_OK);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(rwlock), HD_OK);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(rwlock), HD_OK);
    HD_CHECK_RESULT(hd_rwlock_release_shared(rwlock), HD_OK);
}

static void an_rwlock_that_the_forking_thread_shared_the_child_shares(void **state)
{
    struct hd_rwlock rwlock = HD_RWLOCK_INITIALIZER;

    (void)state;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&rwlock), HD_OK);
    hd_fork_among_threads(use_shared, &rwlock);
    use_shared(&rwlock);
    hd_rwlock_destroy(&rwlock);
}

static void use_event(void *shared)
{
    struct hd_event *event = shared;

    HD_CHECK(!hd_event_is_set(event));
    HD_CHECK_RESULT(hd_event_wait_until(event, hd_clock_after_ns(HD_MILLISECOND_NS)), HD_TIMEOUT);
    hd_event_set(event);
    hd_event_wait(event);
    hd_event_clear(event);
    HD_CHECK_RESULT(hd_event_wait_until(event, HD_TEST_PAST), HD_TIMEOUT);
}

static void an_event_that_was_waited_for_works_in_the_child(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 3, wait_for_it, &event);
    hd_crew_await_sleep(&crew, &event.word);
    hd_fork(use_event, &event);
    hd_event_set(&event);
    hd_crew_join(&crew);
    hd_event_destroy(&event);
}

static bool is_true(void *argument)
{
    (void)argument;
    return true;
}

static void use_condition(void *shared)
{
    struct hd_condition *condition = shared;

    hd_lock_acquire(condition->lock);
    HD_CHECK_RESULT(hd_condition_notify_all(condition), HD_OK);
    HD_CHECK_RESULT(hd_condition_wait_until(condition, hd_clock_after_ns(HD_MILLISECOND_NS)),
                    HD_TIMEOUT);
    HD_CHECK_RESULT(hd_condition_wait_for(condition, is_true, NULL, HD_FOREVER), HD_OK);
    HD_CHECK_RESULT(hd_lock_release(condition->lock), HD_OK);
}

static void a_condition_that_nobody_waited_for_works_in_the_child(void **state)
{
    struct hd_lock lock = HD_LOCK_INITIALIZER;
    struct hd_condition condition = HD_CONDITION_INITIALIZER(&lock);

    (void)state;
    hd_fork_among_threads(use_condition, &condition);
    use_condition(&condition);
    hd_condition_destroy(&condition);
    hd_lock_destroy(&lock);
}

static void use_barrier(void *shared)
{
    struct hd_barrier *barrier = shared;

    HD_CHECK_RESULT(hd_barrier_wait_until(barrier, NULL, hd_clock_after_ns(HD_MILLISECOND_NS)),
                    HD_TIMEOUT);
    HD_CHECK(hd_barrier_is_broken(barrier));
    hd_barrier_reset(barrier);
    HD_CHECK_EQUAL(hd_barrier_waiting(barrier), 0);
}

static void a_barrier_that_nobody_waited_at_works_in_the_child(void **state)
{
    struct hd_barrier barrier = HD_BARRIER_INITIALIZER(2);

    (void)state;
    hd_fork_among_threads(use_barrier, &barrier);
    use_barrier(&barrier);
    hd_barrier_destroy(&barrier);
}

struct queue_use {
    const struct hd_queue_kind *kind;
    union hd_any_queue any;
};

/* One item is in it. */
static void use_queue(void *shared)
{
    struct queue_use *use = shared;
    void *item = NULL;

    HD_CHECK_EQUAL(use->kind->size(&use->any), 1);
    HD_CHECK_RESULT(use->kind->put(&use->any, &hd_queue_items[1], 1), HD_OK);
    for (uint32_t i = 0; i < 2; i++) {
        HD_CHECK_RESULT(use->kind->get(&use->any, &item), HD_OK);
        HD_CHECK(hd_queue_item_number(item) < 2);
        HD_CHECK_RESULT(use->kind->task_done(&use->any), HD_OK);
    }
    use->kind->join(&use->any);
    HD_CHECK_RESULT(use->kind->get_until(&use->any, &item, hd_clock_after_ns(HD_MILLISECOND_NS)),
                    HD_TIMEOUT);
    use->kind->shutdown(&use->any, true);
    HD_CHECK_RESULT(use->kind->put(&use->any, NULL, 0), HD_SHUTDOWN);
}

static void queues_that_nobody_used_work_in_the_child_with_their_items(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_queue_kind_count; i++) {
        struct queue_use use = {.kind = hd_queue_kinds[i]};

        use.kind->init(&use.any, 2);
        HD_CHECK_RESULT(use.kind->put(&use.any, &hd_queue_items[0], 0), HD_OK);
        hd_fork_among_threads(use_queue, &use);
        use_queue(&use);
        use.kind->destroy(&use.any);
    }
}

struct ring_use {
    const struct hd_ring_kind *kind;
    struct hd_any_ring any;
};

static void use_ring(void *shared)
{
    struct ring_use *use = shared;
    void *item = NULL;

    HD_CHECK_RESULT(use->kind->try_get(&use->any, &item), HD_OK);
    HD_CHECK(item == use);
    HD_CHECK_RESULT(use->kind->try_get(&use->any, &item), HD_EMPTY);
    HD_CHECK_RESULT(use->kind->try_put(&use->any, use), HD_OK);
}

static void rings_work_in_the_child_with_their_items(void **state)
{
    static const struct hd_ring_kind *const kinds[] = {&hd_ring_kind, &hd_spsc_ring_kind};

    (void)state;
    for (size_t i = 0; i < HD_COUNT_OF(kinds); i++) {
        static struct ring_use use;

        use.kind = kinds[i];
        HD_CHECK_RESULT(use.kind->init(&use.any, 2), HD_OK);
        HD_CHECK_RESULT(use.kind->try_put(&use.any, &use), HD_OK);
        hd_fork_among_threads(use_ring, &use);
        use_ring(&use);
        use.kind->destroy(&use.any);
    }
}

static void check_identity(void *shared)
{
    const uint64_t *id = shared;

    HD_CHECK_EQUAL(hd_thread_current_id(), *id);
    HD_CHECK(strcmp(hd_thread_current_name(), "parent") == 0);
}

static void *fork_in_thread(void *argument)
{
    uint64_t id = hd_thread_current_id();

    hd_fork_among_threads(check_identity, &id);
    return argument;
}

static void the_child_keeps_the_name_and_id_of_the_thread_that_forked(void **state)
{
    struct hd_thread thread = HD_THREAD_INITIALIZER;

    (void)state;
    HD_CHECK_RESULT(hd_thread_spawn(&thread, "parent", fork_in_thread, NULL), HD_OK);
    HD_CHECK_RESULT(hd_thread_join(&thread, NULL), HD_OK);
}

static void use_thread_local(void *shared)
{
    struct hd_thread_local *local = shared;

    HD_CHECK(hd_thread_local_get(local) == local);
    HD_CHECK_RESULT(hd_thread_local_set(local, NULL), HD_OK);
    HD_CHECK(hd_thread_local_get(local) == NULL);
}

static void the_child_has_the_values_of_the_thread_that_forked(void **state)
{
    struct hd_thread_local local = HD_THREAD_LOCAL_INITIALIZER(NULL);

    (void)state;
    HD_CHECK_RESULT(hd_thread_local_set(&local, &local), HD_OK);
    hd_fork_among_threads(use_thread_local, &local);
    use_thread_local(&local);
    hd_thread_local_destroy(&local);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_that_nobody_held_work_in_the_child),
        cmocka_unit_test(locks_that_the_forking_thread_held_the_child_holds),
        cmocka_unit_test(a_lock_that_was_waited_for_works_in_the_child),
        cmocka_unit_test(semaphores_that_were_waited_for_work_in_the_child),
        cmocka_unit_test(the_child_owns_an_rlock_as_deeply_as_its_parent),
        cmocka_unit_test(an_rwlock_that_the_forking_thread_shared_the_child_shares),
        cmocka_unit_test(an_event_that_was_waited_for_works_in_the_child),
        cmocka_unit_test(a_condition_that_nobody_waited_for_works_in_the_child),
        cmocka_unit_test(a_barrier_that_nobody_waited_at_works_in_the_child),
        cmocka_unit_test(queues_that_nobody_used_work_in_the_child_with_their_items),
        cmocka_unit_test(rings_work_in_the_child_with_their_items),
        cmocka_unit_test(the_child_keeps_the_name_and_id_of_the_thread_that_forked),
        cmocka_unit_test(the_child_has_the_values_of_the_thread_that_forked),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
