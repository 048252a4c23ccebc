/*
 * What both semaphores promise as counts, and the tables that they are tested through.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/clock.h>

#include "tests/primitives/semaphore_kinds.h"

static enum hd_result plain_init(union hd_any_semaphore *any, uint32_t units)
{
    return hd_semaphore_init(&any->plain, units);
}

static void plain_destroy(union hd_any_semaphore *any) { hd_semaphore_destroy(&any->plain); }

static void plain_acquire(union hd_any_semaphore *any) { hd_semaphore_acquire(&any->plain); }

static enum hd_result plain_try_acquire(union hd_any_semaphore *any)
{
    return hd_semaphore_try_acquire(&any->plain);
}

static enum hd_result plain_acquire_until(union hd_any_semaphore *any, uint64_t deadline_ns)
{
    return hd_semaphore_acquire_until(&any->plain, deadline_ns);
}

static enum hd_result plain_release(union hd_any_semaphore *any, uint32_t units)
{
    return hd_semaphore_release(&any->plain, units);
}

static uint32_t plain_value(const union hd_any_semaphore *any)
{
    return hd_semaphore_value(&any->plain);
}

const struct hd_semaphore_kind hd_plain_semaphore_kind = {
    .init = plain_init,
    .destroy = plain_destroy,
    .acquire = plain_acquire,
    .try_acquire = plain_try_acquire,
    .acquire_until = plain_acquire_until,
    .release = plain_release,
    .value = plain_value,
    .units_full = HD_SEMAPHORE_MAX,
};

static enum hd_result bound_init(union hd_any_semaphore *any, uint32_t units)
{
    return hd_bounded_semaphore_init(&any->bounded, units);
}

static void bound_destroy(union hd_any_semaphore *any)
{
    hd_bounded_semaphore_destroy(&any->bounded);
}

static void bound_acquire(union hd_any_semaphore *any)
{
    hd_bounded_semaphore_acquire(&any->bounded);
}

static enum hd_result bound_try_acquire(union hd_any_semaphore *any)
{
    return hd_bounded_semaphore_try_acquire(&any->bounded);
}

static enum hd_result bound_acquire_until(union hd_any_semaphore *any, uint64_t deadline_ns)
{
    return hd_bounded_semaphore_acquire_until(&any->bounded, deadline_ns);
}

static enum hd_result bound_release(union hd_any_semaphore *any, uint32_t units)
{
    return hd_bounded_semaphore_release(&any->bounded, units);
}

static uint32_t bound_value(const union hd_any_semaphore *any)
{
    return hd_bounded_semaphore_value(&any->bounded);
}

const struct hd_semaphore_kind hd_bound_semaphore_kind = {
    .init = bound_init,
    .destroy = bound_destroy,
    .acquire = bound_acquire,
    .try_acquire = bound_try_acquire,
    .acquire_until = bound_acquire_until,
    .release = bound_release,
    .value = bound_value,
    .units_full = 5,
};

uint32_t hd_semaphore_sleepers(const union hd_any_semaphore *any)
{
    return (uint32_t)(__atomic_load_n(&any->plain.state, __ATOMIC_RELAXED) >> 32);
}

/* A semaphore, and threads that use it. */
struct use {
    const struct hd_semaphore_kind *kind;
    union hd_any_semaphore any;
    uint64_t deadline_ns;
    uint32_t inside; /* atomic: threads that hold a unit */
};

/* Begin with `free_units` units free, of at least `units`. */
static void begin(struct use *use, void **state, uint32_t free_units, uint32_t units)
{
    *use = (struct use){.kind = hd_test_subject(state)};
    HD_CHECK_RESULT(use->kind->init(&use->any, units), HD_OK);
    for (uint32_t taken = 0; taken < units - free_units; taken++) {
        use->kind->acquire(&use->any);
    }
}

static void check_value(const struct use *use, uint32_t units)
{
    HD_CHECK_EQUAL(use->kind->value(&use->any), units);
}

static void end(struct use *use)
{
    HD_CHECK_EQUAL(hd_semaphore_sleepers(&use->any), 0);
    use->kind->destroy(&use->any);
}

static void too_many_units_at_init_are_invalid_and_change_nothing(void **state)
{
    const struct hd_semaphore_kind *kind = hd_test_subject(state);
    union hd_any_semaphore any;

    memset(&any, 0x55, sizeof(any));
    HD_CHECK_RESULT(kind->init(&any, HD_SEMAPHORE_MAX + 1), HD_INVALID);
    HD_CHECK_RESULT(kind->init(&any, UINT32_MAX), HD_INVALID);
    HD_CHECK(hd_is_filled(&any, 0x55, sizeof(any)));
    HD_CHECK_RESULT(kind->init(&any, HD_SEMAPHORE_MAX), HD_OK);
    HD_CHECK_EQUAL(kind->value(&any), HD_SEMAPHORE_MAX);
    kind->destroy(&any);
    HD_CHECK_RESULT(kind->init(&any, 0), HD_OK);
    HD_CHECK_EQUAL(kind->value(&any), 0);
    kind->destroy(&any);
}

static void each_acquire_takes_one_unit(void **state)
{
    struct use use;

    begin(&use, state, 4, 4);
    use.kind->acquire(&use.any);
    check_value(&use, 3);
    HD_CHECK_RESULT(use.kind->try_acquire(&use.any), HD_OK);
    check_value(&use, 2);
    HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_TEST_PAST), HD_OK);
    check_value(&use, 1);
    HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_FOREVER), HD_OK);
    check_value(&use, 0);
    HD_CHECK_RESULT(use.kind->try_acquire(&use.any), HD_BUSY);
    check_value(&use, 0);
    HD_CHECK_RESULT(use.kind->acquire_until(&use.any, HD_TEST_PAST), HD_TIMEOUT);
    check_value(&use, 0);
    HD_CHECK_RESULT(use.kind->release(&use.any, 3), HD_OK);
    check_value(&use, 3);
    HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OK);
    check_value(&use, 4);
    end(&use);
}

static void a_release_of_no_units_changes_nothing(void **state)
{
    const uint32_t full = ((const struct hd_semaphore_kind *)hd_test_subject(state))->units_full;
    struct use use;

    begin(&use, state, 0, 2);
    HD_CHECK_RESULT(use.kind->release(&use.any, 0), HD_OK);
    check_value(&use, 0);
    end(&use);
    begin(&use, state, full, full);
    HD_CHECK_RESULT(use.kind->release(&use.any, 0), HD_OK);
    check_value(&use, full);
    end(&use);
}

static void a_release_past_the_bound_is_an_overflow_that_changes_nothing(void **state)
{
    const uint32_t full = ((const struct hd_semaphore_kind *)hd_test_subject(state))->units_full;
    struct use use;

    begin(&use, state, full, full);
    HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OVERFLOW);
    HD_CHECK_RESULT(use.kind->release(&use.any, full), HD_OVERFLOW);
    HD_CHECK_RESULT(use.kind->release(&use.any, UINT32_MAX), HD_OVERFLOW);
    HD_CHECK_RESULT(use.kind->release(&use.any, UINT32_MAX - full + 1), HD_OVERFLOW);
    check_value(&use, full);
    use.kind->acquire(&use.any);
    HD_CHECK_RESULT(use.kind->release(&use.any, 2), HD_OVERFLOW);
    check_value(&use, full - 1);
    HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OK);
    check_value(&use, full);
    end(&use);
}

static void acquire(void *shared, size_t index)
{
    struct use *use = shared;

    (void)index;
    use->kind->acquire(&use->any);
}

static void a_release_of_n_units_lets_exactly_n_threads_go(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    for (uint32_t round = 0; round < 20; round++) {
        begin(&use, state, 0, 5);
        hd_crew_add(&crew, 5, acquire, &use);
        HD_AWAIT(hd_semaphore_sleepers(&use.any) == 5);
        HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
        HD_CHECK_RESULT(use.kind->release(&use.any, 3), HD_OK);
        HD_AWAIT(hd_crew_done(&crew) == 3);
        check_value(&use, 0);
        HD_CHECK_EQUAL(hd_semaphore_sleepers(&use.any), 2);
        HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OK);
        HD_AWAIT(hd_crew_done(&crew) == 4);
        HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OK);
        hd_crew_join(&crew);
        check_value(&use, 0);
        end(&use);
    }
}

static void a_release_of_more_units_than_threads_wait_leaves_the_rest_free(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0, 5);
    hd_crew_add(&crew, 2, acquire, &use);
    HD_AWAIT(hd_semaphore_sleepers(&use.any) == 2);
    HD_CHECK_RESULT(use.kind->release(&use.any, 5), HD_OK);
    hd_crew_join(&crew);
    check_value(&use, 3);
    end(&use);
}

static void an_overflow_wakes_and_frees_nothing_while_threads_wait(void **state)
{
    const uint32_t full = ((const struct hd_semaphore_kind *)hd_test_subject(state))->units_full;
    struct hd_crew crew = {0};
    struct use use;

    /* All units of the bounded one are taken; of the other none was ever there. */
    begin(&use, state, 0, full < HD_SEMAPHORE_MAX ? full : 0);
    hd_crew_add(&crew, 1, acquire, &use);
    HD_AWAIT(hd_semaphore_sleepers(&use.any) == 1);
    HD_CHECK_RESULT(use.kind->release(&use.any, full + 1), HD_OVERFLOW);
    hd_crew_await_sleep(&crew, NULL);
    HD_CHECK_EQUAL(hd_semaphore_sleepers(&use.any), 1);
    check_value(&use, 0);
    HD_CHECK_RESULT(use.kind->release(&use.any, 1), HD_OK);
    hd_crew_join(&crew);
    end(&use);
}

static void acquire_until_soon(void *shared, size_t index)
{
    struct use *use = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < 200; i++) {
        const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(&seed, 60000));

        if (use->kind->acquire_until(&use->any, deadline_ns) == HD_OK) {
            HD_CHECK(hd_mark_add(&use->inside, 1) < 2);
            HD_CHECK(hd_mark_add(&use->inside, UINT32_MAX) > 0);
            HD_CHECK_RESULT(use->kind->release(&use->any, 1), HD_OK);
        }
    }
}

static void no_more_threads_than_units_get_in_and_no_unit_is_lost(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 2, 2);
    hd_crew_add(&crew, 6, acquire_until_soon, &use);
    hd_crew_join(&crew);
    check_value(&use, 2);
    end(&use);
}

const struct CMUnitTest hd_semaphore_properties[] = {
    cmocka_unit_test(too_many_units_at_init_are_invalid_and_change_nothing),
    cmocka_unit_test(each_acquire_takes_one_unit),
    cmocka_unit_test(a_release_of_no_units_changes_nothing),
    cmocka_unit_test(a_release_past_the_bound_is_an_overflow_that_changes_nothing),
    cmocka_unit_test(a_release_of_n_units_lets_exactly_n_threads_go),
    cmocka_unit_test(a_release_of_more_units_than_threads_wait_leaves_the_rest_free),
    cmocka_unit_test(an_overflow_wakes_and_frees_nothing_while_threads_wait),
    cmocka_unit_test(no_more_threads_than_units_get_in_and_no_unit_is_lost),
};
const size_t hd_semaphore_property_count = HD_COUNT_OF(hd_semaphore_properties);
