/*
 * Ordering of a reader-writer lock, on each way that a hold can take from one thread to another.
 *
 * What the threads tell each other is in plain words, and the marks by which they take turns order
 * nothing: so ThreadSanitizer reports a race wherever the lock does not order them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/rwlock_ordering.h"

#include <heddle/clock.h>
#include <heddle/rwlock.h>

struct guarded {
    struct hd_rwlock rwlock;
    uint64_t left;
    uint64_t right;
};

static void read_and_write(void *shared, size_t index)
{
    struct guarded *guarded = shared;
    uint64_t seed = index + 6;

    for (uint32_t i = 0; i < 1500; i++) {
        const uint32_t what = hd_random_below(&seed, 4);

        if (what == 0) {
            HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&guarded->rwlock), HD_OK);
            guarded->left++;
            guarded->right++;
            HD_CHECK_RESULT(hd_rwlock_release_exclusive(&guarded->rwlock), HD_OK);
        } else if (what == 1 || hd_rwlock_try_acquire_shared(&guarded->rwlock) != HD_OK) {
            HD_CHECK_RESULT(hd_rwlock_acquire_shared(&guarded->rwlock), HD_OK);
            HD_CHECK_EQUAL(guarded->left, guarded->right);
            HD_CHECK_RESULT(hd_rwlock_release_shared(&guarded->rwlock), HD_OK);
        } else {
            HD_CHECK_EQUAL(guarded->left, guarded->right);
            HD_CHECK_RESULT(hd_rwlock_release_shared(&guarded->rwlock), HD_OK);
        }
    }
}

static void readers_see_what_writers_did_and_writers_what_readers_left(void **state)
{
    struct guarded guarded = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 4, read_and_write, &guarded);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(guarded.left, guarded.right);
    HD_CHECK(guarded.left > 0);
    hd_rwlock_destroy(&guarded.rwlock);
}

/* Threads that take turns by marks. */
struct turns {
    struct hd_rwlock rwlock;
    uint64_t value;        /* plain */
    uint32_t is_written;   /* a mark: the writer has released the lock */
    uint32_t is_shared;    /* a mark: a reader holds it */
    uint32_t has_given_up; /* a mark: a second writer has waited, and gone */
    uint32_t is_read;      /* a mark: the last reader has come and gone */
};

static void write_value(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&turns->rwlock), HD_OK);
    turns->value = 1;
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&turns->rwlock), HD_OK);
    hd_mark_set(&turns->is_written);
}

static void share_until_read(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&turns->rwlock), HD_OK);
    HD_CHECK_EQUAL(turns->value, 1);
    hd_mark_set(&turns->is_shared);
    HD_AWAIT(hd_mark_is_set(&turns->is_read));
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns->rwlock), HD_OK);
}

static void join_readers(struct turns *turns)
{
    HD_CHECK_RESULT(hd_rwlock_try_acquire_shared(&turns->rwlock), HD_OK);
    HD_CHECK_EQUAL(turns->value, 1);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns->rwlock), HD_OK);
    hd_mark_set(&turns->is_read);
}

static void join_readers_once_shared(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&turns->is_shared));
    join_readers(turns);
}

static void a_reader_who_joins_others_that_were_handed_the_lock_sees_what_they_see(void **state)
{
    struct turns turns = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive(&turns.rwlock), HD_OK);
    hd_crew_add(&crew, 1, join_readers_once_shared, &turns);
    hd_crew_add(&crew, 1, share_until_read, &turns);
    HD_AWAIT(hd_count_waiters(&turns.rwlock.readers, &turns.rwlock.guard) == 1);
    turns.value = 1;
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&turns.rwlock), HD_OK);
    hd_crew_join(&crew);
    hd_rwlock_destroy(&turns.rwlock);
}

static void share_once_written(void *shared, size_t index)
{
    struct turns *turns = shared;

    HD_AWAIT(hd_mark_is_set(&turns->is_written));
    share_until_read(shared, index);
}

static void give_up_once_shared(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&turns->is_shared));
    HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(&turns->rwlock, HD_TEST_PAST), HD_TIMEOUT);
    hd_mark_set(&turns->has_given_up);
}

static void join_readers_once_given_up(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&turns->has_given_up));
    join_readers(turns);
}

static void a_writer_that_gives_up_hides_nothing_from_readers_after_it(void **state)
{
    struct turns turns = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 1, join_readers_once_given_up, &turns);
    hd_crew_add(&crew, 1, give_up_once_shared, &turns);
    hd_crew_add(&crew, 1, share_once_written, &turns);
    hd_crew_add(&crew, 1, write_value, &turns);
    hd_crew_join(&crew);
    hd_rwlock_destroy(&turns.rwlock);
}

static void read_once(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&turns->rwlock), HD_OK);
    HD_CHECK_EQUAL(turns->value, 0);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns->rwlock), HD_OK);
    hd_mark_set(&turns->is_read);
}

static void write_once_read(void *shared, size_t index)
{
    struct turns *turns = shared;

    HD_AWAIT(hd_mark_is_set(&turns->is_read));
    write_value(shared, index);
}

/* The reader knows nothing of the writer, who waits only for another one. */
static void what_a_reader_did_comes_before_a_writer_that_another_reader_lets_in(void **state)
{
    struct turns turns = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&turns.rwlock), HD_OK);
    hd_crew_add(&crew, 1, write_once_read, &turns);
    hd_crew_add(&crew, 1, read_once, &turns);
    HD_AWAIT(hd_count_waiters(&turns.rwlock.writers, &turns.rwlock.guard) == 1);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns.rwlock), HD_OK);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(turns.value, 1);
    hd_rwlock_destroy(&turns.rwlock);
}

/* The first of two readers leaves while a writer waits, who then gives up; the next one writes. */
static void read_and_leave(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&turns->rwlock), HD_OK);
    HD_CHECK_EQUAL(turns->value, 0);
    hd_mark_set(&turns->is_shared);
    HD_AWAIT(hd_count_waiters(&turns->rwlock.writers, &turns->rwlock.guard) == 1);
    HD_CHECK_EQUAL(turns->value, 0);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns->rwlock), HD_OK);
    hd_mark_set(&turns->is_read);
}

static void give_up_once_read(void *shared, size_t index)
{
    struct turns *turns = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&turns->is_shared));
    while (!hd_mark_is_set(&turns->is_read)) {
        HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(
                            &turns->rwlock, hd_clock_after_ns(10 * HD_MILLISECOND_NS)),
                        HD_TIMEOUT);
    }
    hd_mark_set(&turns->has_given_up);
}

static void write_once_given_up(void *shared, size_t index)
{
    struct turns *turns = shared;

    HD_AWAIT(hd_mark_is_set(&turns->has_given_up));
    write_value(shared, index);
}

static void what_readers_did_comes_before_the_next_writer_even_if_one_gave_up(void **state)
{
    struct turns turns = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    /* Held by this thread as well, so that the reader who leaves is not the last. */
    HD_CHECK_RESULT(hd_rwlock_acquire_shared(&turns.rwlock), HD_OK);
    hd_crew_add(&crew, 1, write_once_given_up, &turns);
    hd_crew_add(&crew, 1, read_and_leave, &turns);
    hd_crew_add(&crew, 1, give_up_once_read, &turns);
    HD_AWAIT(hd_mark_is_set(&turns.has_given_up));
    HD_CHECK_RESULT(hd_rwlock_release_shared(&turns.rwlock), HD_OK);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(turns.value, 1);
    hd_rwlock_destroy(&turns.rwlock);
}

const struct CMUnitTest hd_rwlock_ordering[] = {
    cmocka_unit_test(readers_see_what_writers_did_and_writers_what_readers_left),
    cmocka_unit_test(a_reader_who_joins_others_that_were_handed_the_lock_sees_what_they_see),
    cmocka_unit_test(a_writer_that_gives_up_hides_nothing_from_readers_after_it),
    cmocka_unit_test(what_a_reader_did_comes_before_a_writer_that_another_reader_lets_in),
    cmocka_unit_test(what_readers_did_comes_before_the_next_writer_even_if_one_gave_up),
};
const size_t hd_rwlock_ordering_count = HD_COUNT_OF(hd_rwlock_ordering);
