/*
 * 32 threads at conditions: every notify wakes one thread and there is no second, so that a single
 * lost or stolen one hangs the test.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>
#include <heddle/condition.h>
#include <heddle/lock.h>
#include <heddle/rlock.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/support.h"

#define THREADS 32U
#define ITEMS 1000U /* each producer's */
#define ROOM 4U

/* A counter of items between 0 and ROOM, over either lock. */
struct store {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
    struct hd_condition not_empty;
    struct hd_condition not_full;
    uint32_t count; /* under the lock */
};

static void begin(struct store *store, void **state)
{
    *store = (struct store){.kind = hd_test_subject(state)};
    store->kind->init(&store->any);
    if (store->kind == &hd_rlock_kind) {
        hd_condition_init_rlock(&store->not_empty, &store->any.rlock);
        hd_condition_init_rlock(&store->not_full, &store->any.rlock);
    } else {
        hd_condition_init(&store->not_empty, &store->any.lock);
        hd_condition_init(&store->not_full, &store->any.lock);
    }
}

static void end(struct store *store)
{
    hd_condition_destroy(&store->not_empty);
    hd_condition_destroy(&store->not_full);
    store->kind->destroy(&store->any);
}

static void produce(void *shared, size_t index)
{
    struct store *store = shared;

    (void)index;
    for (uint32_t i = 0; i < ITEMS; i++) {
        HD_CHECK_RESULT(store->kind->acquire(&store->any), HD_OK);
        while (store->count == ROOM) {
            HD_CHECK_RESULT(hd_condition_wait(&store->not_full), HD_OK);
        }
        store->count++;
        HD_CHECK(store->count <= ROOM);
        HD_CHECK_RESULT(hd_condition_notify(&store->not_empty, 1), HD_OK);
        HD_CHECK_RESULT(store->kind->release(&store->any), HD_OK);
    }
}

static void consume(void *shared, size_t index)
{
    struct store *store = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < ITEMS; i++) {
        HD_CHECK_RESULT(store->kind->acquire(&store->any), HD_OK);
        while (store->count == 0) {
            /* Now and then one gives up, with others behind it, and takes no notify with it. */
            const uint64_t deadline_ns = hd_random_below(&seed, 4) > 0
                                             ? HD_FOREVER
                                             : hd_clock_after_ns(hd_random_below(&seed, 50000));
            const enum hd_result result = hd_condition_wait_until(&store->not_empty, deadline_ns);

            HD_CHECK(result == HD_OK || (result == HD_TIMEOUT && deadline_ns != HD_FOREVER));
        }
        store->count--;
        HD_CHECK(store->count < ROOM);
        HD_CHECK_RESULT(hd_condition_notify(&store->not_full, 1), HD_OK);
        HD_CHECK_RESULT(store->kind->release(&store->any), HD_OK);
    }
}

static void with_one_notify_for_each_item_16_producers_and_16_consumers_finish(void **state)
{
    struct hd_crew crew = {0};
    struct store store;

    begin(&store, state);
    hd_crew_add(&crew, THREADS / 2, produce, &store);
    hd_crew_add(&crew, THREADS / 2, consume, &store);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(store.count, 0);
    end(&store);
}

#define LAPS 100U

/* A token that goes round; each thread waits for its own turn among all the others. */
struct turn {
    const struct store *store; /* `count` is whose turn it is */
    uint32_t mine;
};

static bool is_my_turn(void *argument)
{
    const struct turn *turn = argument;

    return turn->store->count % THREADS == turn->mine;
}

static void pass_token(void *shared, size_t index)
{
    struct store *store = shared;
    struct turn turn = {.store = store, .mine = (uint32_t)index};

    for (uint32_t lap = 0; lap < LAPS; lap++) {
        HD_CHECK_RESULT(store->kind->acquire(&store->any), HD_OK);
        HD_CHECK_RESULT(hd_condition_wait_for(&store->not_empty, is_my_turn, &turn, HD_FOREVER),
                        HD_OK);
        HD_CHECK_EQUAL(store->count, lap * THREADS + turn.mine);
        store->count++;
        HD_CHECK_RESULT(hd_condition_notify_all(&store->not_empty), HD_OK);
        HD_CHECK_RESULT(store->kind->release(&store->any), HD_OK);
    }
}

static void a_token_goes_round_among_32_threads(void **state)
{
    struct hd_crew crew = {0};
    struct store store;

    begin(&store, state);
    hd_crew_add(&crew, THREADS, pass_token, &store);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(store.count, (uint64_t)THREADS * LAPS);
    end(&store);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_one_notify_for_each_item_16_producers_and_16_consumers_finish),
        cmocka_unit_test(a_token_goes_round_among_32_threads),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), &hd_lock_kind},
        {tests, HD_COUNT_OF(tests), &hd_rlock_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
