/*
 * What every blocking queue promises to threads that wait: whom a put, a get, a task_done and a
 * shutdown wake, and in which order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>

#include "tests/primitives/queue_kinds.h"

/* A queue, and threads that wait at it. */
struct use {
    const struct hd_queue_kind *kind;
    union hd_any_queue any;
    uint64_t deadline_ns;
    enum hd_result results[HD_CREW_MAX]; /* each thread's own until it is joined */
    size_t got[HD_CREW_MAX];             /* the same: the number of the item */
};

#define NO_ITEM SIZE_MAX

static void begin(struct use *use, void **state, size_t capacity)
{
    *use = (struct use){.kind = hd_test_subject(state), .deadline_ns = HD_FOREVER};
    use->kind->init(&use->any, capacity);
}

static size_t count_getters(struct use *use)
{
    return hd_count_waiters(&use->any.base.getters, &use->any.base.guard);
}

static size_t count_putters(struct use *use)
{
    return hd_count_waiters(&use->any.base.putters, &use->any.base.guard);
}

static size_t count_joiners(struct use *use)
{
    return hd_count_waiters(&use->any.base.joiners, &use->any.base.guard);
}

static void end(struct use *use)
{
    HD_CHECK_EQUAL(count_getters(use) + count_putters(use) + count_joiners(use), 0);
    use->kind->destroy(&use->any);
}

static void put(struct use *use, size_t number)
{
    HD_CHECK_RESULT(use->kind->put(&use->any, &hd_queue_items[number], 0), HD_OK);
}

static size_t get(struct use *use)
{
    void *item = NULL;

    HD_CHECK_RESULT(use->kind->get(&use->any, &item), HD_OK);
    return hd_queue_item_number(item);
}

static void get_one(void *shared, size_t index)
{
    struct use *use = shared;
    void *item = NULL;

    use->results[index] = use->kind->get_until(&use->any, &item, use->deadline_ns);
    use->got[index] = item == NULL ? NO_ITEM : hd_queue_item_number(item);
}

/* A thread puts the item with its own number. */
static void put_one(void *shared, size_t index)
{
    struct use *use = shared;

    use->results[index] =
        use->kind->put_until(&use->any, &hd_queue_items[index], 0, use->deadline_ns);
}

static void join_it(void *shared, size_t index)
{
    struct use *use = shared;

    use->results[index] = use->kind->join_until(&use->any, use->deadline_ns);
}

/* Threads that begin to wait one after the other. */
static void add_waiters(struct hd_crew *crew,
                        struct use *use,
                        size_t count,
                        hd_crew_function *function,
                        size_t (*count_waiting)(struct use *use))
{
    for (size_t i = 0; i < count; i++) {
        const size_t before = count_waiting(use);

        hd_crew_add(crew, 1, function, use);
        HD_AWAIT(count_waiting(use) == before + 1);
    }
}

static void check_results(const struct use *use, size_t count, enum hd_result expected)
{
    for (size_t i = 0; i < count; i++) {
        HD_CHECK_RESULT(use->results[i], expected);
    }
}

static void each_put_wakes_one_getter_in_the_order_in_which_they_came(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    add_waiters(&crew, &use, 5, get_one, count_getters);
    for (size_t i = 0; i < 5; i++) {
        put(&use, i);
        HD_AWAIT(hd_crew_done(&crew) == i + 1);
        HD_CHECK_EQUAL(count_getters(&use), 4 - i);
    }
    hd_crew_join(&crew);
    check_results(&use, 5, HD_OK);
    for (size_t i = 0; i < 5; i++) {
        HD_CHECK_EQUAL(use.got[i], i);
    }
    end(&use);
}

static void each_get_wakes_one_putter_in_the_order_in_which_they_came(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 1);
    put(&use, 100);
    add_waiters(&crew, &use, 5, put_one, count_putters);
    HD_CHECK_EQUAL(get(&use), 100);
    for (size_t i = 0; i < 5; i++) {
        HD_AWAIT(hd_crew_done(&crew) == i + 1);
        HD_CHECK_EQUAL(count_putters(&use), 4 - i);
        HD_CHECK_EQUAL(use.kind->size(&use.any), 1);
        HD_CHECK_EQUAL(get(&use), i);
    }
    hd_crew_join(&crew);
    check_results(&use, 5, HD_OK);
    end(&use);
}

static void several_puts_wake_as_many_getters(void **state)
{
    struct use use;

    for (uint32_t round = 0; round < 30; round++) {
        struct hd_crew crew = {0};

        begin(&use, state, 0);
        add_waiters(&crew, &use, 6, get_one, count_getters);
        for (size_t i = 0; i < 6; i++) {
            put(&use, i);
        }
        hd_crew_join(&crew);
        check_results(&use, 6, HD_OK);
        HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
        end(&use);
    }
}

static void several_gets_wake_as_many_putters(void **state)
{
    struct use use;

    for (uint32_t round = 0; round < 30; round++) {
        struct hd_crew crew = {0};

        begin(&use, state, 3);
        for (size_t i = 0; i < 3; i++) {
            put(&use, 100 + i);
        }
        add_waiters(&crew, &use, 3, put_one, count_putters);
        for (size_t i = 0; i < 3; i++) {
            (void)get(&use);
        }
        hd_crew_join(&crew);
        check_results(&use, 3, HD_OK);
        HD_CHECK_EQUAL(use.kind->size(&use.any), 3);
        end(&use);
    }
}

static void a_getter_that_gives_up_takes_no_item_with_it(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    use.deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 3, get_one, &use);
    hd_crew_join(&crew);
    check_results(&use, 3, HD_TIMEOUT);
    HD_CHECK_EQUAL(use.got[0], NO_ITEM);
    use.deadline_ns = HD_FOREVER;
    add_waiters(&crew, &use, 1, get_one, count_getters);
    put(&use, 7);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(use.got[0], 7);
    end(&use);
}

/* Items come about when half of the getters give up: what they do not take the others get. */
static void no_item_is_lost_between_getters_that_give_up(void **state)
{
    uint64_t seed = 8;
    struct use use;

    for (uint32_t round = 0; round < 100; round++) {
        struct hd_crew crew = {0};

        begin(&use, state, 0);
        use.deadline_ns = hd_clock_after_ns(50000 + hd_random_below(&seed, 100000));
        hd_crew_add(&crew, 2, get_one, &use);
        put(&use, 0);
        put(&use, 1);
        hd_crew_join(&crew);
        const size_t left =
            (use.results[0] == HD_OK ? 0U : 1U) + (use.results[1] == HD_OK ? 0U : 1U);

        HD_CHECK_EQUAL(use.kind->size(&use.any), left);
        use.deadline_ns = HD_FOREVER;
        hd_crew_add(&crew, left, get_one, &use);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
        end(&use);
    }
}

static void the_last_task_done_ends_all_joins_and_no_other_does(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    for (size_t i = 0; i < 3; i++) {
        put(&use, i);
    }
    add_waiters(&crew, &use, 4, join_it, count_joiners);
    for (size_t i = 0; i < 3; i++) {
        (void)get(&use);
        HD_CHECK_EQUAL(count_joiners(&use), 4);
        HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
        HD_CHECK_RESULT(use.kind->task_done(&use.any), HD_OK);
    }
    hd_crew_join(&crew);
    check_results(&use, 4, HD_OK);
    end(&use);
}

static void a_join_that_gives_up_leaves_the_others_waiting(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    put(&use, 0);
    add_waiters(&crew, &use, 2, join_it, count_joiners);
    HD_CHECK_RESULT(use.kind->join_until(&use.any, hd_clock_after_ns(HD_MILLISECOND_NS)),
                    HD_TIMEOUT);
    HD_CHECK_EQUAL(count_joiners(&use), 2);
    HD_CHECK_RESULT(use.kind->task_done(&use.any), HD_OK);
    hd_crew_join(&crew);
    check_results(&use, 2, HD_OK);
    end(&use);
}

static void either_shutdown_wakes_all_getters(void **state)
{
    for (uint32_t immediate = 0; immediate < 2; immediate++) {
        struct hd_crew crew = {0};
        struct use use;

        begin(&use, state, 0);
        add_waiters(&crew, &use, 4, get_one, count_getters);
        use.kind->shutdown(&use.any, immediate == 1);
        hd_crew_join(&crew);
        check_results(&use, 4, HD_SHUTDOWN);
        HD_CHECK_EQUAL(use.got[3], NO_ITEM);
        end(&use);
    }
}

static void either_shutdown_wakes_all_putters_and_their_items_stay_out(void **state)
{
    for (uint32_t immediate = 0; immediate < 2; immediate++) {
        struct hd_crew crew = {0};
        struct use use;

        begin(&use, state, 1);
        put(&use, 100);
        add_waiters(&crew, &use, 4, put_one, count_putters);
        use.kind->shutdown(&use.any, immediate == 1);
        hd_crew_join(&crew);
        check_results(&use, 4, HD_SHUTDOWN);
        if (immediate == 0) {
            HD_CHECK_EQUAL(get(&use), 100);
        }
        HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
        end(&use);
    }
}

static void an_immediate_shutdown_ends_joins_that_wait_only_for_what_it_drops(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    put(&use, 0);
    put(&use, 1);
    add_waiters(&crew, &use, 2, join_it, count_joiners);
    use.kind->shutdown(&use.any, false);
    HD_CHECK_EQUAL(count_joiners(&use), 2);
    use.kind->shutdown(&use.any, true);
    hd_crew_join(&crew);
    check_results(&use, 2, HD_OK);
    end(&use);
}

static void an_immediate_shutdown_leaves_joins_to_the_tasks_under_way(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    begin(&use, state, 0);
    put(&use, 0);
    put(&use, 1);
    (void)get(&use);
    add_waiters(&crew, &use, 2, join_it, count_joiners);
    use.kind->shutdown(&use.any, true);
    HD_CHECK_EQUAL(count_joiners(&use), 2);
    HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
    HD_CHECK_RESULT(use.kind->task_done(&use.any), HD_OK);
    hd_crew_join(&crew);
    check_results(&use, 2, HD_OK);
    end(&use);
}

/* What a task left behind, in plain words: a missing order is a race. */
struct chain {
    const struct hd_queue_kind *kind;
    union hd_any_queue any;
    uint64_t payloads[3]; /* written before the put of their address, doubled before task_done */
};

static void double_what_comes(void *shared, size_t index)
{
    struct chain *chain = shared;
    void *item = NULL;

    (void)index;
    while (chain->kind->get(&chain->any, &item) == HD_OK) {
        uint64_t *payload = item;

        *payload *= 2;
        HD_CHECK_RESULT(chain->kind->task_done(&chain->any), HD_OK);
    }
}

static void what_came_before_a_put_the_getter_sees_and_before_task_done_the_joiner(void **state)
{
    struct chain chain = {.kind = hd_test_subject(state)};
    struct hd_crew crew = {0};

    chain.kind->init(&chain.any, 1);
    hd_crew_add(&crew, 2, double_what_comes, &chain);
    for (uint64_t round = 1; round <= 300; round++) {
        for (size_t i = 0; i < HD_COUNT_OF(chain.payloads); i++) {
            chain.payloads[i] = round + i;
            HD_CHECK_RESULT(chain.kind->put(&chain.any, &chain.payloads[i], 0), HD_OK);
        }
        chain.kind->join(&chain.any);
        for (size_t i = 0; i < HD_COUNT_OF(chain.payloads); i++) {
            HD_CHECK_EQUAL(chain.payloads[i], 2 * (round + i));
        }
    }
    chain.kind->shutdown(&chain.any, false);
    hd_crew_join(&crew);
    chain.kind->destroy(&chain.any);
}

const struct CMUnitTest hd_queue_wait_properties[] = {
    cmocka_unit_test(each_put_wakes_one_getter_in_the_order_in_which_they_came),
    cmocka_unit_test(each_get_wakes_one_putter_in_the_order_in_which_they_came),
    cmocka_unit_test(several_puts_wake_as_many_getters),
    cmocka_unit_test(several_gets_wake_as_many_putters),
    cmocka_unit_test(a_getter_that_gives_up_takes_no_item_with_it),
    cmocka_unit_test(no_item_is_lost_between_getters_that_give_up),
    cmocka_unit_test(the_last_task_done_ends_all_joins_and_no_other_does),
    cmocka_unit_test(a_join_that_gives_up_leaves_the_others_waiting),
    cmocka_unit_test(either_shutdown_wakes_all_getters),
    cmocka_unit_test(either_shutdown_wakes_all_putters_and_their_items_stay_out),
    cmocka_unit_test(an_immediate_shutdown_ends_joins_that_wait_only_for_what_it_drops),
    cmocka_unit_test(an_immediate_shutdown_leaves_joins_to_the_tasks_under_way),
    cmocka_unit_test(what_came_before_a_put_the_getter_sees_and_before_task_done_the_joiner),
};
const size_t hd_queue_wait_property_count = HD_COUNT_OF(hd_queue_wait_properties);
