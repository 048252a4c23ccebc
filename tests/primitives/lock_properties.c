/*
 * What everything that serves as a lock promises. How long it waits, and what ends the wait, is in
 * blocking_calls_test.c; 32 threads at once are in lock_stress_test.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/clock.h>

#include "tests/primitives/lock_kinds.h"

/* A lock, and a thread that uses it. */
struct use {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
    uint64_t deadline_ns;
    enum hd_result results[HD_CREW_MAX]; /* of other threads, each its own until it is joined */
    uint32_t held;                       /* atomic: how many hold the lock */
};

static void begin(struct use *use, void **state)
{
    *use = (struct use){.kind = hd_test_subject(state)};
    use->kind->init(&use->any);
}

static void end(struct use *use)
{
    /* Free again: whatever happened, the next one gets it at once. */
    HD_CHECK_RESULT(use->kind->try_acquire(&use->any), HD_OK);
    HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK);
    HD_CHECK(!use->kind->is_waited_for(&use->any));
    use->kind->destroy(&use->any);
}

static void run_elsewhere(struct use *use, hd_crew_function *function)
{
    struct hd_crew crew = {0};

    hd_crew_add(&crew, 1, function, use);
    hd_crew_join(&crew);
}

static void acquire(struct use *use) { HD_CHECK_RESULT(use->kind->acquire(&use->any), HD_OK); }

static void release(struct use *use) { HD_CHECK_RESULT(use->kind->release(&use->any), HD_OK); }

static void try_and_release(void *shared, size_t index)
{
    struct use *use = shared;

    use->results[index] = use->kind->try_acquire(&use->any);
    if (use->results[index] == HD_OK) {
        release(use);
    }
}

static void acquire_until_and_release(void *shared, size_t index)
{
    struct use *use = shared;

    use->results[index] = use->kind->acquire_until(&use->any, use->deadline_ns);
    if (use->results[index] == HD_OK) {
        release(use);
    }
}

static void acquire_and_release(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    acquire(use);
    HD_CHECK_EQUAL(hd_mark_add(&use->held, 1), 0);
    HD_CHECK_EQUAL(hd_mark_add(&use->held, UINT32_MAX), 1);
    release(use);
}

static void check_is_taken(struct use *use)
{
    run_elsewhere(use, try_and_release);
    HD_CHECK_RESULT(use->results[0], HD_BUSY);
}

static void init_makes_what_the_static_initializer_makes(void **state)
{
    const struct hd_lock_kind *kind = hd_test_subject(state);
    union hd_any_lock any;

    memset(&any, 0xff, sizeof(any));
    kind->init(&any);
    HD_CHECK(memcmp(&any, &kind->initial, kind->size) == 0);
    kind->destroy(&any);
}

static void one_made_by_the_static_initializer_works(void **state)
{
    const struct hd_lock_kind *kind = hd_test_subject(state);
    struct use use = {.kind = kind, .any = kind->initial};

    acquire(&use);
    check_is_taken(&use);
    release(&use);
    end(&use);
}

static void a_free_lock_is_taken_without_waiting(void **state)
{
    struct use use;

    begin(&use, state);
    acquire(&use);
    check_is_taken(&use);
    release(&use);
    HD_CHECK_RESULT(use.kind->try_acquire(&use.any), HD_OK);
    check_is_taken(&use);
    release(&use);
    HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_TEST_PAST), HD_OK);
    check_is_taken(&use);
    release(&use);
    HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_FOREVER), HD_OK);
    check_is_taken(&use);
    release(&use);
    end(&use);
}

static void a_try_that_finds_it_taken_changes_nothing(void **state)
{
    struct use use;

    begin(&use, state);
    acquire(&use);
    const union hd_any_lock before = use.any;

    check_is_taken(&use);
    HD_CHECK(memcmp(&use.any, &before, use.kind->size) == 0);
    release(&use);
    end(&use);
}

static void an_acquire_that_times_out_leaves_it_to_its_holder(void **state)
{
    struct use use;

    begin(&use, state);
    acquire(&use);
    use.deadline_ns = hd_clock_after_ns(HD_MILLISECOND_NS);
    run_elsewhere(&use, acquire_until_and_release);
    HD_CHECK_RESULT(use.results[0], HD_TIMEOUT);
    check_is_taken(&use);
    release(&use);
    run_elsewhere(&use, try_and_release);
    HD_CHECK_RESULT(use.results[0], HD_OK);
    end(&use);
}

static void release_elsewhere(void *shared, size_t index)
{
    struct use *use = shared;

    use->results[index] = use->kind->release(&use->any);
}

static void another_thread_may_release_it_unless_it_has_an_owner(void **state)
{
    struct use use;

    begin(&use, state);
    acquire(&use);
    const union hd_any_lock before = use.any;

    run_elsewhere(&use, release_elsewhere);
    if (use.kind->has_owner) {
        HD_CHECK_RESULT(use.results[0], HD_NOT_OWNER);
        HD_CHECK(memcmp(&use.any, &before, use.kind->size) == 0);
        release(&use);
    } else {
        HD_CHECK_RESULT(use.results[0], HD_OK);
    }
    end(&use);
}

static void releasing_a_free_one_is_refused_and_changes_nothing(void **state)
{
    struct use use;

    begin(&use, state);
    const union hd_any_lock before = use.any;

    /* A semaphore is just given a second unit, which it must then have. */
    HD_CHECK_RESULT(use.kind->release(&use.any), use.kind->release_of_free);
    if (use.kind->release_of_free == HD_OK) {
        acquire(&use);
    }
    HD_CHECK(memcmp(&use.any, &before, use.kind->size) == 0);
    end(&use);
}

static void its_holder_finds_it_taken_unless_it_is_recursive(void **state)
{
    struct use use;

    begin(&use, state);
    acquire(&use);
    if (use.kind->is_recursive) {
        HD_CHECK_RESULT(use.kind->try_acquire(&use.any), HD_OK);
        HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_TEST_PAST), HD_OK);
        release(&use);
        release(&use);
        check_is_taken(&use);
    } else {
        HD_CHECK_RESULT(use.kind->try_acquire(&use.any), HD_BUSY);
        HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_TEST_PAST),
                        use.kind->acquire_by_owner);
    }
    release(&use);
    end(&use);
}

/* 8 threads wait; each release lets one in, who lets the next one in: a lost wake-up would hang. */
static void every_thread_that_waits_gets_it_in_its_turn(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state);
    for (uint32_t round = 0; round < 20; round++) {
        acquire(&use);
        hd_crew_add(&crew, 8, acquire_and_release, &use);
        hd_crew_await_sleep(&crew, NULL);
        HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
        release(&use);
        hd_crew_join(&crew);
    }
    end(&use);
}

/*
 * One thread waits for ever, and others whose deadlines come about when the lock is released: one
 * that gives up must not take the wake-up with it.
 */
static void a_thread_that_gives_up_takes_no_wake_up_with_it(void **state)
{
    uint64_t seed = 2;
    struct use use;

    begin(&use, state);
    for (uint32_t round = 0; round < 150; round++) {
        struct hd_crew crew = {0};

        acquire(&use);
        use.deadline_ns = hd_clock_after_ns(100000 + hd_random_below(&seed, 100000));
        hd_crew_add(&crew, 2, acquire_until_and_release, &use);
        hd_crew_add(&crew, 1, acquire_and_release, &use);
        HD_AWAIT(use.kind->is_waited_for(&use.any) || hd_crew_done(&crew) != 0);
        while (hd_clock_ns() < use.deadline_ns - hd_random_below(&seed, 20000)) {
        }
        release(&use);
        hd_crew_join(&crew);
    }
    end(&use);
}

/* The words that a lock guards are plain: ThreadSanitizer sees a missing order. */
struct guarded {
    struct use use;
    uint64_t left;
    uint64_t right;
};

/* By one of the three ways in. */
static enum hd_result acquire_somehow(struct use *use, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 20000));

    switch (hd_random_below(seed, 3)) {
    case 0:
        return use->kind->try_acquire(&use->any);
    case 1:
        return use->kind->acquire_until(&use->any, deadline_ns);
    default:
        return use->kind->acquire(&use->any);
    }
}

static void add_many_times(void *shared, size_t index)
{
    struct guarded *guarded = shared;
    struct use *use = &guarded->use;
    uint64_t seed = index + 3;

    for (uint32_t i = 0; i < 2000; i++) {
        while (acquire_somehow(use, &seed) != HD_OK) {
        }
        HD_CHECK_EQUAL(guarded->left, guarded->right);
        guarded->left++;
        guarded->right++;
        release(use);
    }
}

static void what_one_holder_did_the_next_one_sees(void **state)
{
    struct hd_crew crew = {0};
    struct guarded guarded = {.left = 0};

    begin(&guarded.use, state);
    hd_crew_add(&crew, 3, add_many_times, &guarded);
    hd_crew_join(&crew);
    acquire(&guarded.use);
    HD_CHECK_EQUAL(guarded.left, UINT64_C(3) * 2000);
    HD_CHECK_EQUAL(guarded.right, UINT64_C(3) * 2000);
    release(&guarded.use);
    end(&guarded.use);
}

const struct CMUnitTest hd_lock_properties[] = {
    cmocka_unit_test(init_makes_what_the_static_initializer_makes),
    cmocka_unit_test(one_made_by_the_static_initializer_works),
    cmocka_unit_test(a_free_lock_is_taken_without_waiting),
    cmocka_unit_test(a_try_that_finds_it_taken_changes_nothing),
    cmocka_unit_test(an_acquire_that_times_out_leaves_it_to_its_holder),
    cmocka_unit_test(another_thread_may_release_it_unless_it_has_an_owner),
    cmocka_unit_test(releasing_a_free_one_is_refused_and_changes_nothing),
    cmocka_unit_test(its_holder_finds_it_taken_unless_it_is_recursive),
    cmocka_unit_test(every_thread_that_waits_gets_it_in_its_turn),
    cmocka_unit_test(a_thread_that_gives_up_takes_no_wake_up_with_it),
    cmocka_unit_test(what_one_holder_did_the_next_one_sees),
};
const size_t hd_lock_property_count = HD_COUNT_OF(hd_lock_properties);
