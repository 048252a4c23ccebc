/*
 * Reader-writer lock: who may hold it together, who goes first, and what misuse gives. Its
 * exclusive side is also tested as a lock. What it orders is in rwlock_ordering.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/clock.h>
#include <heddle/rwlock.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/rwlock_ordering.h"
#include "tests/primitives/support.h"

/* A bit of `state` that the header describes. */
#define WAITERS_BIT (UINT32_C(1) << 30)

/* A lock, and the order in which threads got it. */
struct use {
    struct hd_rwlock rwlock;
    uint64_t deadline_ns;
    uint32_t may_release;         /* a mark */
    uint32_t entered;             /* atomic: how many have had the lock */
    size_t order[HD_CREW_MAX];    /* [i]: the thread that was the i-th to get it */
    enum hd_result shared_try;    /* of the thread that tried both, until it is joined */
    enum hd_result exclusive_try; /* the same */
};

static void begin(struct use *use)
{
    *use = (struct use){.deadline_ns = HD_TEST_PAST};
    hd_rwlock_init(&use->rwlock);
}

static void acquire_shared(struct use *use)
{
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&use->rwlock), HD_OK);
}

static void release_shared(struct use *use)
{
    HD_CHECK_RESULT(hd_rwlock_release_shared(&use->rwlock), HD_OK);
}

static void acquire_exclusive(struct use *use)
{
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&use->rwlock), HD_OK);
}

static void release_exclusive(struct use *use)
{
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&use->rwlock), HD_OK);
}

static size_t count_readers(struct use *use)
{
    return hd_count_waiters(&use->rwlock.readers, &use->rwlock.guard);
}

static size_t count_writers(struct use *use)
{
    return hd_count_waiters(&use->rwlock.writers, &use->rwlock.guard);
}

/* Nobody holds the lock and nobody waits for it. */
static void end(struct use *use)
{
    HD_CHECK_EQUAL(use->rwlock.state, 0);
    HD_CHECK_EQUAL(count_readers(use) + count_writers(use), 0);
    acquire_exclusive(use);
    release_exclusive(use);
    hd_rwlock_destroy(&use->rwlock);
}

static void note_entry(struct use *use, size_t index)
{
    use->order[hd_mark_add(&use->entered, 1)] = index;
}

static void read_until_released(void *shared, size_t index)
{
    struct use *use = shared;

    acquire_shared(use);
    note_entry(use, index);
    HD_AWAIT(hd_mark_is_set(&use->may_release));
    release_shared(use);
}

static void write_once(void *shared, size_t index)
{
    struct use *use = shared;

    acquire_exclusive(use);
    note_entry(use, index);
    release_exclusive(use);
}

static void give_up_reading(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared_until(&use->rwlock, use->deadline_ns), HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= use->deadline_ns);
}

static void give_up_writing(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(&use->rwlock, use->deadline_ns), HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= use->deadline_ns);
}

static void run_elsewhere(hd_crew_function *function, struct use *use)
{
    struct hd_crew crew = {0};

    hd_crew_add(&crew, 1, function, use);
    hd_crew_join(&crew);
}

/* Threads that begin to wait one after the other. */
static void add_writers(struct hd_crew *crew, struct use *use, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t before = count_writers(use);

        hd_crew_add(crew, 1, write_once, use);
        HD_AWAIT(count_writers(use) == before + 1);
    }
}

static void add_readers(struct hd_crew *crew, struct use *use, size_t count)
{
    const size_t before = count_readers(use);

    hd_crew_add(crew, count, read_until_released, use);
    HD_AWAIT(count_readers(use) == before + count);
}

/* What a thread that holds nothing can get at once. */
static void try_both(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    use->shared_try = hd_rwlock_try_acquire_shared(&use->rwlock);
    if (use->shared_try == HD_OK) {
        release_shared(use);
    }
    use->exclusive_try = hd_rwlock_try_acquire_exclusive(&use->rwlock);
    if (use->exclusive_try == HD_OK) {
        release_exclusive(use);
    }
}

static void check_tries(struct use *use, enum hd_result shared, enum hd_result exclusive)
{
    run_elsewhere(try_both, use);
    HD_CHECK_RESULT(use->shared_try, shared);
    HD_CHECK_RESULT(use->exclusive_try, exclusive);
}

static void readers_share_it_and_keep_writers_out(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    check_tries(&use, HD_OK, HD_OK);
    hd_crew_add(&crew, 8, read_until_released, &use);
    HD_AWAIT(hd_mark_add(&use.entered, 0) == 8);
    HD_CHECK_EQUAL(__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED), 8);
    check_tries(&use, HD_OK, HD_BUSY);
    run_elsewhere(give_up_writing, &use);
    HD_CHECK_EQUAL(__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED), 8);
    hd_mark_set(&use.may_release);
    hd_crew_join(&crew);
    check_tries(&use, HD_OK, HD_OK);
    end(&use);
}

static void a_writer_keeps_all_others_out(void **state)
{
    struct use use;

    (void)state;
    begin(&use);
    acquire_exclusive(&use);
    check_tries(&use, HD_BUSY, HD_BUSY);
    release_exclusive(&use);
    check_tries(&use, HD_OK, HD_OK);
    end(&use);
}

static void an_acquire_by_the_writer_itself_is_refused(void **state)
{
    struct use use;

    (void)state;
    begin(&use);
    acquire_exclusive(&use);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&use.rwlock), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared_until(&use.rwlock, HD_FOREVER), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_acquire_shared_until(&use.rwlock, HD_TEST_PAST), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_try_acquire_shared(&use.rwlock), HD_BUSY);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&use.rwlock), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(&use.rwlock, HD_FOREVER), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_rwlock_try_acquire_exclusive(&use.rwlock), HD_BUSY);
    check_tries(&use, HD_BUSY, HD_BUSY);
    release_exclusive(&use);
    check_tries(&use, HD_OK, HD_OK);
    end(&use);
}

static void release_both(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_release_shared(&use->rwlock), HD_NOT_OWNER);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&use->rwlock), HD_NOT_OWNER);
}

static void a_release_of_what_is_not_held_is_refused_and_changes_nothing(void **state)
{
    struct use use;

    (void)state;
    begin(&use);
    release_both(&use, 0);
    HD_CHECK_EQUAL(use.rwlock.state, 0);
    acquire_exclusive(&use);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&use.rwlock), HD_NOT_OWNER);
    run_elsewhere(release_both, &use);
    check_tries(&use, HD_BUSY, HD_BUSY);
    release_exclusive(&use);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&use.rwlock), HD_NOT_OWNER);
    acquire_shared(&use);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&use.rwlock), HD_NOT_OWNER);
    check_tries(&use, HD_OK, HD_BUSY);
    release_shared(&use);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&use.rwlock), HD_NOT_OWNER);
    end(&use);
}

static void readers_wait_behind_a_writer_that_waits(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_shared(&use);
    add_writers(&crew, &use, 1);
    check_tries(&use, HD_BUSY, HD_BUSY);
    add_readers(&crew, &use, 3);
    HD_CHECK_EQUAL(hd_mark_add(&use.entered, 0), 0);
    hd_mark_set(&use.may_release);
    release_shared(&use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.entered, 4);
    HD_CHECK_EQUAL(use.order[0], 0);
    end(&use);
}

static void writers_get_it_in_the_order_in_which_they_came_and_readers_after_them(void **state)
{
    struct use use;

    (void)state;
    for (uint32_t round = 0; round < 10; round++) {
        struct hd_crew crew = {0};

        begin(&use);
        acquire_exclusive(&use);
        add_writers(&crew, &use, 2);
        add_readers(&crew, &use, 3);
        add_writers(&crew, &use, 3);
        hd_mark_set(&use.may_release);
        release_exclusive(&use);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(use.entered, 8);
        HD_CHECK_EQUAL(use.order[0], 0);
        HD_CHECK_EQUAL(use.order[1], 1);
        HD_CHECK_EQUAL(use.order[2], 5);
        HD_CHECK_EQUAL(use.order[3], 6);
        HD_CHECK_EQUAL(use.order[4], 7);
        end(&use);
    }
}

static void a_writer_lets_all_readers_in_together(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_exclusive(&use);
    add_readers(&crew, &use, 8);
    release_exclusive(&use);
    /* Each holds it until all have been seen to hold it. */
    HD_AWAIT(hd_mark_add(&use.entered, 0) == 8);
    HD_CHECK_EQUAL(__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED), 8);
    hd_mark_set(&use.may_release);
    hd_crew_join(&crew);
    end(&use);
}

/* From release to acquire without a gap: whoever tries right after a release finds it taken. */
static void nobody_overtakes_a_thread_that_waits(void **state)
{
    struct use use;

    (void)state;
    for (uint32_t round = 0; round < 100; round++) {
        struct hd_crew crew = {0};

        begin(&use);
        acquire_exclusive(&use);
        add_readers(&crew, &use, 1);
        release_exclusive(&use);
        HD_CHECK_RESULT(hd_rwlock_try_acquire_exclusive(&use.rwlock), HD_BUSY);
        hd_mark_set(&use.may_release);
        hd_crew_join(&crew);
        end(&use);
    }
}

/* The last of several readers, not an earlier one, hands the lock to the writer. */
static void only_the_last_reader_lets_a_writer_in(void **state)
{
    struct hd_crew readers = {0};
    struct hd_crew writers = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_shared(&use);
    hd_crew_add(&readers, 2, read_until_released, &use);
    HD_AWAIT(hd_mark_add(&use.entered, 0) == 2);
    add_writers(&writers, &use, 1);
    hd_mark_set(&use.may_release);
    hd_crew_join(&readers);
    HD_CHECK_EQUAL(count_writers(&use), 1);
    HD_CHECK_EQUAL(hd_crew_done(&writers), 0);
    release_shared(&use);
    hd_crew_join(&writers);
    HD_CHECK_EQUAL(use.entered, 3);
    end(&use);
}

static void readers_go_on_when_the_writer_before_them_gives_up(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_shared(&use);
    use.deadline_ns = hd_clock_after_ns(100 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 1, give_up_writing, &use);
    HD_AWAIT(count_writers(&use) == 1 || hd_crew_done(&crew) == 1);
    hd_crew_add(&crew, 3, read_until_released, &use);
    HD_AWAIT(hd_mark_add(&use.entered, 0) == 3);
    HD_CHECK_EQUAL(__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED), 4);
    check_tries(&use, HD_OK, HD_BUSY);
    hd_mark_set(&use.may_release);
    hd_crew_join(&crew);
    release_shared(&use);
    end(&use);
}

static void readers_wait_on_when_only_one_of_two_writers_gives_up(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_shared(&use);
    add_writers(&crew, &use, 1);
    run_elsewhere(give_up_writing, &use);
    check_tries(&use, HD_BUSY, HD_BUSY);
    add_readers(&crew, &use, 2);
    run_elsewhere(give_up_writing, &use);
    HD_CHECK_EQUAL(count_readers(&use), 2);
    HD_CHECK_EQUAL(count_writers(&use), 1);
    hd_mark_set(&use.may_release);
    release_shared(&use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.order[0], 0);
    end(&use);
}

static void a_reader_that_gives_up_leaves_the_queue_as_it_was(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use);
    acquire_exclusive(&use);
    use.deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);
    run_elsewhere(give_up_reading, &use);
    /* Nobody waits any more, so the bit that says so is clear. */
    HD_CHECK_EQUAL(__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED) & WAITERS_BIT, 0);
    add_writers(&crew, &use, 1);
    HD_CHECK((__atomic_load_n(&use.rwlock.state, __ATOMIC_RELAXED) & WAITERS_BIT) != 0);
    release_exclusive(&use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.entered, 1);
    end(&use);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_share_it_and_keep_writers_out),
        cmocka_unit_test(a_writer_keeps_all_others_out),
        cmocka_unit_test(an_acquire_by_the_writer_itself_is_refused),
        cmocka_unit_test(a_release_of_what_is_not_held_is_refused_and_changes_nothing),
        cmocka_unit_test(readers_wait_behind_a_writer_that_waits),
        cmocka_unit_test(writers_get_it_in_the_order_in_which_they_came_and_readers_after_them),
        cmocka_unit_test(a_writer_lets_all_readers_in_together),
        cmocka_unit_test(nobody_overtakes_a_thread_that_waits),
        cmocka_unit_test(only_the_last_reader_lets_a_writer_in),
        cmocka_unit_test(readers_go_on_when_the_writer_before_them_gives_up),
        cmocka_unit_test(readers_wait_on_when_only_one_of_two_writers_gives_up),
        cmocka_unit_test(a_reader_that_gives_up_leaves_the_queue_as_it_was),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_rwlock_ordering, hd_rwlock_ordering_count, NULL},
        {hd_lock_properties, hd_lock_property_count, &hd_rwlock_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
