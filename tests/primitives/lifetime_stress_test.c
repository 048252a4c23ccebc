/*
 * Destroying and freeing an object at once: by the thread that was let go by the last call of
 * another one, while that call may still be under way.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include <heddle/barrier.h>
#include <heddle/clock.h>
#include <heddle/condition.h>
#include <heddle/event.h>

#include "tests/primitives/lifetime.h"
#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

static void lock_make(const void *kind, void *object)
{
    const struct hd_lock_kind *lock_kind = kind;

    lock_kind->init(object);
    HD_CHECK_RESULT(lock_kind->acquire(object), HD_OK);
}

static void lock_give(const void *kind, void *object)
{
    const struct hd_lock_kind *lock_kind = kind;

    HD_CHECK_RESULT(lock_kind->release(object), HD_OK);
}

static void lock_take(const void *kind, void *object)
{
    const struct hd_lock_kind *lock_kind = kind;

    HD_CHECK_RESULT(lock_kind->acquire(object), HD_OK);
    HD_CHECK_RESULT(lock_kind->release(object), HD_OK);
    lock_kind->destroy(object);
}

static void lock_take_by_trying(const void *kind, void *object)
{
    const struct hd_lock_kind *lock_kind = kind;

    while (lock_kind->try_acquire(object) != HD_OK) {
    }
    HD_CHECK_RESULT(lock_kind->release(object), HD_OK);
    lock_kind->destroy(object);
}

static void the_next_owner_may_free_a_lock(void **state)
{
    static const struct hd_lifetime waiting = {sizeof(union hd_any_lock), lock_make, lock_give,
                                               lock_take};
    static const struct hd_lifetime trying = {sizeof(union hd_any_lock), lock_make, lock_give,
                                              lock_take_by_trying};

    (void)state;
    for (size_t i = 0; i < hd_lock_kind_count; i++) {
        hd_lifetime_run(&waiting, hd_lock_kinds[i]);
        hd_lifetime_run(&trying, hd_lock_kinds[i]);
    }
}

static void shared_make(const void *kind, void *object)
{
    (void)kind;
    hd_rwlock_init(object);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(object), HD_OK);
}

static void shared_give(const void *kind, void *object)
{
    (void)kind;
    HD_CHECK_RESULT(hd_rwlock_release_shared(object), HD_OK);
}

static void shared_take(const void *kind, void *object)
{
    (void)kind;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(object), HD_OK);
    HD_CHECK_RESULT(hd_rwlock_release_shared(object), HD_OK);
    hd_rwlock_destroy(object);
}

static void the_writer_after_the_last_reader_may_free_an_rwlock(void **state)
{
    static const struct hd_lifetime steps = {sizeof(union hd_any_lock), shared_make, shared_give,
                                             lock_take};
    static const struct hd_lifetime trying = {sizeof(union hd_any_lock), shared_make, shared_give,
                                              lock_take_by_trying};

    (void)state;
    hd_lifetime_run(&steps, &hd_rwlock_kind);
    hd_lifetime_run(&trying, &hd_rwlock_kind);
}

static void the_reader_after_the_last_writer_may_free_an_rwlock(void **state)
{
    static const struct hd_lifetime steps = {sizeof(union hd_any_lock), lock_make, lock_give,
                                             shared_take};

    (void)state;
    hd_lifetime_run(&steps, &hd_rwlock_kind);
}

static void event_make(const void *kind, void *object)
{
    (void)kind;
    hd_event_init(object);
}

static void event_give(const void *kind, void *object)
{
    (void)kind;
    hd_event_set(object);
}

static void event_take(const void *kind, void *object)
{
    (void)kind;
    hd_event_wait(object);
    hd_event_destroy(object);
}

static void event_take_by_looking(const void *kind, void *object)
{
    (void)kind;
    while (!hd_event_is_set(object)) {
    }
    hd_event_destroy(object);
}

static void the_last_waiter_may_free_an_event(void **state)
{
    static const struct hd_lifetime waiting = {sizeof(struct hd_event), event_make, event_give,
                                               event_take};
    static const struct hd_lifetime looking = {sizeof(struct hd_event), event_make, event_give,
                                               event_take_by_looking};

    (void)state;
    hd_lifetime_run(&waiting, NULL);
    hd_lifetime_run(&looking, NULL);
}

static char item;

static void queue_make(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    queue_kind->init(object, 1);
}

static void queue_give(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    HD_CHECK_RESULT(queue_kind->put(object, &item, 0), HD_OK);
}

static void queue_take(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;
    void *got = NULL;

    HD_CHECK_RESULT(queue_kind->get(object, &got), HD_OK);
    queue_kind->destroy(object);
}

static void queue_take_by_trying(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;
    void *got = NULL;

    while (queue_kind->try_get(object, &got) != HD_OK) {
    }
    queue_kind->destroy(object);
}

static void whoever_gets_the_last_item_may_free_a_queue(void **state)
{
    static const struct hd_lifetime waiting = {sizeof(union hd_any_queue), queue_make, queue_give,
                                               queue_take};
    static const struct hd_lifetime trying = {sizeof(union hd_any_queue), queue_make, queue_give,
                                              queue_take_by_trying};

    (void)state;
    for (size_t i = 0; i < hd_queue_kind_count; i++) {
        hd_lifetime_run(&waiting, hd_queue_kinds[i]);
        hd_lifetime_run(&trying, hd_queue_kinds[i]);
    }
}

static void join_make(const void *kind, void *object)
{
    queue_make(kind, object);
    queue_give(kind, object);
}

static void join_take(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    queue_kind->join(object);
    queue_kind->destroy(object);
}

static void join_take_by_looking(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    while (queue_kind->join_until(object, HD_TEST_PAST) != HD_OK) {
    }
    queue_kind->destroy(object);
}

static void done_give(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    HD_CHECK_RESULT(queue_kind->task_done(object), HD_OK);
}

static void shutdown_give(const void *kind, void *object)
{
    const struct hd_queue_kind *queue_kind = kind;

    queue_kind->shutdown(object, true);
}

static void whoever_has_joined_a_queue_may_free_it(void **state)
{
    const size_t size = sizeof(union hd_any_queue);
    const struct hd_lifetime lifetimes[] = {
        {size, join_make, done_give, join_take},
        {size, join_make, done_give, join_take_by_looking},
        {size, join_make, shutdown_give, join_take},
        {size, join_make, shutdown_give, join_take_by_looking},
    };

    (void)state;
    for (size_t i = 0; i < hd_queue_kind_count; i++) {
        for (size_t j = 0; j < HD_COUNT_OF(lifetimes); j++) {
            hd_lifetime_run(&lifetimes[j], hd_queue_kinds[i]);
        }
    }
}

/* The lock outlives the condition: it is what a notified waiter goes on with. */
static struct hd_lock condition_lock = HD_LOCK_INITIALIZER;

static void wait_for_notify(void *shared, size_t index)
{
    (void)index;
    hd_lock_acquire(&condition_lock);
    HD_CHECK_RESULT(hd_condition_wait(shared), HD_OK);
    HD_CHECK_RESULT(hd_lock_release(&condition_lock), HD_OK);
}

static void whoever_notifies_the_last_waiter_may_free_a_condition(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < HD_LIFETIME_ROUNDS / 3; round++) {
        struct hd_condition *condition = malloc(sizeof(*condition));
        struct hd_crew crew = {0};

        HD_CHECK(condition != NULL);
        hd_condition_init(condition, &condition_lock);
        hd_crew_add(&crew, 2, wait_for_notify, condition);
        HD_AWAIT(hd_count_waiters(&condition->waiters, &condition_lock.word) == 2);
        hd_lock_acquire(&condition_lock);
        HD_CHECK_RESULT(hd_condition_notify_all(condition), HD_OK);
        HD_CHECK_RESULT(hd_lock_release(&condition_lock), HD_OK);
        hd_condition_destroy(condition);
        free(condition);
        hd_crew_join(&crew);
    }
}

/* A barrier, and how many have come back from it. */
struct meeting {
    struct hd_barrier *barrier;
    uint64_t deadline_ns;
    uint32_t completed; /* atomic; waits that were HD_OK */
    uint32_t returned;  /* atomic */
};

#define PARTIES 4U

/* The first to return from a complete round frees the barrier; from a broken one the last. */
static void meet_once(void *shared, size_t index)
{
    struct meeting *meeting = shared;
    struct hd_barrier *barrier = meeting->barrier;
    const enum hd_result result = hd_barrier_wait_until(barrier, NULL, meeting->deadline_ns);
    /* Pairs with itself, in the other threads of a broken round: the last one comes after all. */
    const uint32_t returned = __atomic_fetch_add(&meeting->returned, 1, __ATOMIC_ACQ_REL);

    (void)index;
    if (result == HD_OK ? hd_mark_add(&meeting->completed, 1) == 0 : returned == PARTIES - 1) {
        hd_barrier_destroy(barrier);
        free(barrier);
    }
}

static void meet(uint64_t allowed_ns)
{
    struct meeting meeting = {
        .barrier = malloc(sizeof(struct hd_barrier)),
        .deadline_ns = hd_clock_after_ns(allowed_ns),
    };
    struct hd_crew crew = {0};

    HD_CHECK(meeting.barrier != NULL);
    HD_CHECK_RESULT(hd_barrier_init(meeting.barrier, PARTIES, NULL, NULL), HD_OK);
    hd_crew_add(&crew, PARTIES, meet_once, &meeting);
    hd_crew_join(&crew);
    HD_CHECK(meeting.completed == PARTIES ||
             (meeting.completed == 0 && meeting.deadline_ns != HD_FOREVER));
}

static void the_first_to_return_from_a_round_may_free_a_barrier(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < HD_LIFETIME_ROUNDS / 3; round++) {
        meet(HD_FOREVER);
    }
}

/* Some whose deadline has come do not know yet that the round is complete: they go with it. */
static void the_first_to_return_from_a_round_at_its_deadline_may_free_a_barrier(void **state)
{
    uint64_t seed = 12;

    (void)state;
    for (uint32_t round = 0; round < HD_LIFETIME_ROUNDS; round++) {
        meet(50000 + hd_random_below(&seed, 200000));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_owner_may_free_a_lock),
        cmocka_unit_test(the_writer_after_the_last_reader_may_free_an_rwlock),
        cmocka_unit_test(the_reader_after_the_last_writer_may_free_an_rwlock),
        cmocka_unit_test(the_last_waiter_may_free_an_event),
        cmocka_unit_test(whoever_gets_the_last_item_may_free_a_queue),
        cmocka_unit_test(whoever_has_joined_a_queue_may_free_it),
        cmocka_unit_test(whoever_notifies_the_last_waiter_may_free_a_condition),
        cmocka_unit_test(the_first_to_return_from_a_round_may_free_a_barrier),
        cmocka_unit_test(the_first_to_return_from_a_round_at_its_deadline_may_free_a_barrier),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
