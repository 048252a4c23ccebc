/*
 * 32 threads at everything that serves as a lock, on however few cores there are: mutual exclusion,
 * seen by plain words that only agree if no two threads were inside together, and no lost wake-up,
 * which would hang.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include <heddle/clock.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/support.h"

#define THREADS 32U
#define TURNS 600U /* each thread's */

struct guarded {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
    uint64_t left;  /* plain, under the lock */
    uint64_t right; /* plain, under the lock */
};

static void enter(struct guarded *guarded)
{
    HD_CHECK_EQUAL(guarded->left, guarded->right);
    guarded->left++;
    if (guarded->left % 64 == 0) {
        (void)sched_yield(); /* be found inside */
    }
    guarded->right++;
    HD_CHECK_RESULT(guarded->kind->release(&guarded->any), HD_OK);
}

/* By one of the three ways in. */
static enum hd_result acquire_somehow(struct guarded *guarded, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 100000));

    switch (hd_random_below(seed, 4)) {
    case 0:
        return guarded->kind->try_acquire(&guarded->any);
    case 1:
        return guarded->kind->acquire_until(&guarded->any, deadline_ns);
    default:
        return guarded->kind->acquire(&guarded->any);
    }
}

static void take_turns(void *shared, size_t index)
{
    struct guarded *guarded = shared;
    uint64_t seed = index + 1;

    for (uint32_t turn = 0; turn < TURNS; turn++) {
        while (acquire_somehow(guarded, &seed) != HD_OK) {
        }
        enter(guarded);
    }
}

static void at_most_one_of_32_threads_is_inside_and_all_get_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_lock_kind_count; i++) {
        struct guarded guarded = {.kind = hd_lock_kinds[i]};
        struct hd_crew crew = {0};

        guarded.kind->init(&guarded.any);
        hd_crew_add(&crew, THREADS, take_turns, &guarded);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(guarded.left, (uint64_t)THREADS * TURNS);
        HD_CHECK_EQUAL(guarded.right, (uint64_t)THREADS * TURNS);
        HD_CHECK_RESULT(guarded.kind->try_acquire(&guarded.any), HD_OK);
        HD_CHECK_RESULT(guarded.kind->release(&guarded.any), HD_OK);
        guarded.kind->destroy(&guarded.any);
    }
}

/* All sleep first, so that each turn but the first begins with a wake-up. */
static void take_one_turn(void *shared, size_t index)
{
    struct guarded *guarded = shared;

    (void)index;
    HD_CHECK_RESULT(guarded->kind->acquire(&guarded->any), HD_OK);
    enter(guarded);
}

static void of_32_threads_that_sleep_each_is_woken(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_lock_kind_count; i++) {
        struct guarded guarded = {.kind = hd_lock_kinds[i]};

        guarded.kind->init(&guarded.any);
        for (uint32_t round = 0; round < 10; round++) {
            struct hd_crew crew = {0};

            HD_CHECK_RESULT(guarded.kind->acquire(&guarded.any), HD_OK);
            hd_crew_add(&crew, THREADS, take_one_turn, &guarded);
            hd_crew_await_sleep(&crew, NULL);
            HD_CHECK_RESULT(guarded.kind->release(&guarded.any), HD_OK);
            hd_crew_join(&crew);
        }
        HD_CHECK_EQUAL(guarded.left, UINT64_C(10) * THREADS);
        guarded.kind->destroy(&guarded.any);
    }
}

#define RACES 5000U

/* One hold, and two threads that both try to end it. */
struct race {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
    uint32_t meetings; /* hd_meet()'s */
    uint32_t released; /* atomic */
    uint32_t refused;  /* atomic */
};

static void release_at_the_same_time(void *shared, size_t index)
{
    struct race *race = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < RACES; i++) {
        if (index == 0) {
            HD_CHECK_RESULT(race->kind->acquire(&race->any), HD_OK);
        }
        hd_meet(&race->meetings, 2);
        hd_hesitate(&seed, 60);
        const enum hd_result result = race->kind->release(&race->any);

        if (result == HD_OK) {
            (void)hd_mark_add(&race->released, 1);
        } else {
            HD_CHECK_RESULT(result, race->kind->release_of_free);
            (void)hd_mark_add(&race->refused, 1);
        }
        hd_meet(&race->meetings, 2);
    }
}

static void of_two_releases_of_one_hold_one_is_refused(void **state)
{
    static const struct hd_lock_kind *const kinds[] = {&hd_lock_kind, &hd_bounded_semaphore_kind};

    (void)state;
    for (size_t i = 0; i < HD_COUNT_OF(kinds); i++) {
        struct race race = {.kind = kinds[i]};
        struct hd_crew crew = {0};

        race.kind->init(&race.any);
        hd_crew_add(&crew, 2, release_at_the_same_time, &race);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(race.released, RACES);
        HD_CHECK_EQUAL(race.refused, RACES);
        HD_CHECK_RESULT(race.kind->release(&race.any), race.kind->release_of_free);
        race.kind->destroy(&race.any);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_one_of_32_threads_is_inside_and_all_get_in),
        cmocka_unit_test(of_32_threads_that_sleep_each_is_woken),
        cmocka_unit_test(of_two_releases_of_one_hold_one_is_refused),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
