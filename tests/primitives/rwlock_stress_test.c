/*
 * 32 readers and writers at one lock, and writers against readers that never leave it free.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include <heddle/clock.h>
#include <heddle/rwlock.h>

#include "tests/primitives/support.h"

#define THREADS 32U
#define TURNS 600U /* each thread's */

struct guarded {
    struct hd_rwlock rwlock;
    uint64_t left;     /* plain: written by writers, read by readers */
    uint64_t right;    /* plain */
    uint32_t readers;  /* atomic: how many are inside */
    uint32_t together; /* atomic: how often a reader found another one inside */
    uint32_t writes;   /* atomic */
    uint32_t is_over;  /* a mark */
};

static void write_once(struct guarded *guarded)
{
    HD_CHECK_EQUAL(hd_mark_add(&guarded->readers, 0), 0);
    HD_CHECK_EQUAL(guarded->left, guarded->right);
    guarded->left++;
    if (guarded->left % 64 == 0) {
        (void)sched_yield();
    }
    guarded->right++;
    (void)hd_mark_add(&guarded->writes, 1);
    HD_CHECK_RESULT(hd_rwlock_release_exclusive(&guarded->rwlock), HD_OK);
}

static void read_once(struct guarded *guarded, bool stays)
{
    if (hd_mark_add(&guarded->readers, 1) > 0) {
        (void)hd_mark_add(&guarded->together, 1);
    }
    const uint64_t left = guarded->left;

    if (stays) {
        (void)sched_yield();
    }
    HD_CHECK_EQUAL(guarded->right, left);
    (void)hd_mark_add(&guarded->readers, UINT32_MAX);
    HD_CHECK_RESULT(hd_rwlock_release_shared(&guarded->rwlock), HD_OK);
}

/* By one of the three ways in; whether it is in. */
static bool acquire_exclusive_somehow(struct guarded *guarded, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 100000));

    switch (hd_random_below(seed, 3)) {
    case 0:
        return hd_rwlock_try_acquire_exclusive(&guarded->rwlock) == HD_OK;
    case 1:
        return hd_rwlock_acquire_exclusive_until(&guarded->rwlock, deadline_ns) == HD_OK;
    default:
        return hd_rwlock_acquire_exclusive(&guarded->rwlock) == HD_OK;
    }
}

static bool acquire_shared_somehow(struct guarded *guarded, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 100000));

    switch (hd_random_below(seed, 3)) {
    case 0:
        return hd_rwlock_try_acquire_shared(&guarded->rwlock) == HD_OK;
    case 1:
        return hd_rwlock_acquire_shared_until(&guarded->rwlock, deadline_ns) == HD_OK;
    default:
        return hd_rwlock_acquire_shared(&guarded->rwlock) == HD_OK;
    }
}

static void take_turns(void *shared, size_t index)
{
    struct guarded *guarded = shared;
    uint64_t seed = index + 1;

    for (uint32_t turn = 0; turn < TURNS; turn++) {
        const bool writes = hd_random_below(&seed, 3) == 0;

        if (writes && acquire_exclusive_somehow(guarded, &seed)) {
            write_once(guarded);
        } else if (!writes && acquire_shared_somehow(guarded, &seed)) {
            read_once(guarded, turn % 16 == 0);
        }
    }
}

static void of_32_threads_writers_are_alone_and_readers_only_among_themselves(void **state)
{
    struct guarded guarded = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, THREADS, take_turns, &guarded);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(guarded.left, hd_mark_add(&guarded.writes, 0));
    HD_CHECK_EQUAL(guarded.right, guarded.left);
    HD_CHECK_EQUAL(guarded.rwlock.state, 0);
    hd_rwlock_destroy(&guarded.rwlock);
}

static void read_until_over(void *shared, size_t index)
{
    struct guarded *guarded = shared;

    (void)index;
    while (!hd_mark_is_set(&guarded->is_over)) {
        HD_CHECK_RESULT(hd_rwlock_acquire_shared(&guarded->rwlock), HD_OK);
        read_once(guarded, true);
    }
}

static void a_writer_gets_in_between_readers_without_end(void **state)
{
    struct guarded guarded = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, THREADS, read_until_over, &guarded);
    HD_AWAIT(hd_mark_add(&guarded.together, 0) > 10);
    for (uint32_t i = 0; i < 200; i++) {
        const uint64_t deadline_ns = hd_clock_after_ns(20 * HD_SECOND_NS);

        HD_CHECK_RESULT(hd_rwlock_acquire_exclusive_until(&guarded.rwlock, deadline_ns), HD_OK);
        write_once(&guarded);
    }
    hd_mark_set(&guarded.is_over);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(guarded.left, 200);
    hd_rwlock_destroy(&guarded.rwlock);
}

/*
 * One shared hold, and two threads that both try to give it up. New threads now and then: to
 * ThreadSanitizer, one whose hold another thread gave up holds it for ever, and up to 64 times.
 */
#define RACES 40U
#define PAIRS_OF_THREADS 100U

struct race {
    struct hd_rwlock rwlock;
    uint32_t meetings; /* hd_meet()'s */
    uint32_t released; /* atomic */
};

static void release_at_the_same_time(void *shared, size_t index)
{
    struct race *race = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < RACES; i++) {
        if (index == 0) {
            HD_CHECK_RESULT(hd_rwlock_acquire_shared(&race->rwlock), HD_OK);
        }
        hd_meet(&race->meetings, 2);
        hd_hesitate(&seed, 60);
        const enum hd_result result = hd_rwlock_release_shared(&race->rwlock);

        if (result == HD_OK) {
            (void)hd_mark_add(&race->released, 1);
        } else {
            HD_CHECK_RESULT(result, HD_NOT_OWNER);
        }
        hd_meet(&race->meetings, 2);
    }
}

static void of_two_releases_of_one_shared_hold_one_is_refused(void **state)
{
    struct race race = {.rwlock = HD_RWLOCK_INITIALIZER};
    struct hd_crew crew = {0};

    (void)state;
    for (uint32_t i = 0; i < PAIRS_OF_THREADS; i++) {
        hd_crew_add(&crew, 2, release_at_the_same_time, &race);
        hd_crew_join(&crew);
    }
    HD_CHECK_EQUAL(race.released, (uint64_t)PAIRS_OF_THREADS * RACES);
    HD_CHECK_EQUAL(race.rwlock.state, 0);
    hd_rwlock_destroy(&race.rwlock);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_32_threads_writers_are_alone_and_readers_only_among_themselves),
        cmocka_unit_test(a_writer_gets_in_between_readers_without_end),
        cmocka_unit_test(of_two_releases_of_one_shared_hold_one_is_refused),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
