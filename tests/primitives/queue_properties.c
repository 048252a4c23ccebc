/*
 * What every blocking queue promises to one thread alone: capacity, order, tasks and shutdown. What
 * it promises to threads that wait is in queue_wait_properties.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "tests/primitives/queue_kinds.h"

/* A queue of the kind under test. */
struct use {
    const struct hd_queue_kind *kind;
    union hd_any_queue any;
};

static void begin(struct use *use, void **state, size_t capacity)
{
    *use = (struct use){.kind = hd_test_subject(state)};
    use->kind->init(&use->any, capacity);
}

static void end(struct use *use) { use->kind->destroy(&use->any); }

static void put(struct use *use, size_t number)
{
    HD_CHECK_RESULT(use->kind->put(&use->any, &hd_queue_items[number], 0), HD_OK);
}

/* Put the items from 0 to count - 1. */
static void put_items(struct use *use, size_t count)
{
    for (size_t number = 0; number < count; number++) {
        put(use, number);
    }
}

static size_t get(struct use *use)
{
    void *item = NULL;

    HD_CHECK_RESULT(use->kind->get(&use->any, &item), HD_OK);
    return hd_queue_item_number(item);
}

/* The items from 0 to count - 1, and no others, are in the queue. */
static void check_items(struct use *use, size_t count)
{
    HD_CHECK_EQUAL(use->kind->size(&use->any), count);
    for (size_t i = 0; i < count; i++) {
        HD_CHECK_EQUAL(get(use), use->kind->is_newest_first ? count - 1 - i : i);
        HD_CHECK_EQUAL(use->kind->size(&use->any), count - 1 - i);
    }
}

static void check_put_fails(struct use *use, enum hd_result try_result, enum hd_result until_result)
{
    void *item = &hd_queue_items[HD_QUEUE_ITEMS_MAX - 1];

    HD_CHECK_RESULT(use->kind->try_put(&use->any, item, 0), try_result);
    HD_CHECK_RESULT(use->kind->put_until(&use->any, item, 0, HD_TEST_PAST), until_result);
    HD_CHECK_RESULT(use->kind->put_until(&use->any, item, 0, 0), until_result);
}

/* What a get that fails leaves in its argument. */
static char untouched;

static void check_get_fails(struct use *use, enum hd_result try_result, enum hd_result until_result)
{
    void *item = &untouched;

    HD_CHECK_RESULT(use->kind->try_get(&use->any, &item), try_result);
    HD_CHECK_RESULT(use->kind->get_until(&use->any, &item, HD_TEST_PAST), until_result);
    HD_CHECK_RESULT(use->kind->get_until(&use->any, &item, 0), until_result);
    HD_CHECK(item == &untouched);
}

/* `tasks` are not done: a join waits, and so many and no more can be done. */
static void check_tasks(struct use *use, size_t tasks)
{
    for (; tasks > 0; tasks--) {
        HD_CHECK_RESULT(use->kind->join_until(&use->any, HD_TEST_PAST), HD_TIMEOUT);
        HD_CHECK_RESULT(use->kind->task_done(&use->any), HD_OK);
    }
    HD_CHECK_RESULT(use->kind->join_until(&use->any, HD_TEST_PAST), HD_OK);
    HD_CHECK_RESULT(use->kind->join_until(&use->any, HD_FOREVER), HD_OK);
    use->kind->join(&use->any);
    HD_CHECK_RESULT(use->kind->task_done(&use->any), HD_OVERFLOW);
    HD_CHECK_RESULT(use->kind->task_done(&use->any), HD_OVERFLOW);
    HD_CHECK_RESULT(use->kind->join_until(&use->any, HD_TEST_PAST), HD_OK);
}

static void check_initial(const struct hd_queue *base, size_t capacity)
{
    HD_CHECK_EQUAL(base->capacity, capacity);
    HD_CHECK_EQUAL(base->allocated, 0);
    HD_CHECK(base->items == NULL);
    HD_CHECK_EQUAL(base->are_putters_waiting, 0);
    HD_CHECK_EQUAL(base->guard, 0);
    HD_CHECK(!base->is_shut_down);
    HD_CHECK_EQUAL(base->puts, 0);
    HD_CHECK_EQUAL(base->gets_seen, 0);
    HD_CHECK_EQUAL(base->gets, 0);
    HD_CHECK_EQUAL(base->done, 0);
    HD_CHECK(base->getters.first == NULL && base->getters.last == NULL);
    HD_CHECK(base->putters.first == NULL && base->putters.last == NULL);
    HD_CHECK(base->joiners.first == NULL && base->joiners.last == NULL);
}

static void init_makes_what_the_static_initializer_makes(void **state)
{
    const struct hd_queue_kind *kind = hd_test_subject(state);
    union hd_any_queue any;

    check_initial(&kind->initial.base, HD_QUEUE_KIND_CAPACITY);
    memset(&any, 0xff, sizeof(any));
    kind->init(&any, HD_QUEUE_KIND_CAPACITY);
    check_initial(&any.base, HD_QUEUE_KIND_CAPACITY);
    kind->destroy(&any);
}

static void one_made_by_the_static_initializer_works(void **state)
{
    const struct hd_queue_kind *kind = hd_test_subject(state);
    struct use use = {.kind = kind, .any = kind->initial};

    check_get_fails(&use, HD_EMPTY, HD_TIMEOUT);
    put_items(&use, HD_QUEUE_KIND_CAPACITY);
    check_put_fails(&use, HD_FULL, HD_TIMEOUT);
    check_items(&use, HD_QUEUE_KIND_CAPACITY);
    end(&use);
}

static void it_holds_as_many_items_as_its_capacity(void **state)
{
    /* Below, at and above the sizes at which memory grows. */
    static const size_t capacities[] = {1, 2, 7, 8, 9, 16, 17, 100};

    for (size_t i = 0; i < HD_COUNT_OF(capacities); i++) {
        struct use use;

        begin(&use, state, capacities[i]);
        put_items(&use, capacities[i]);
        check_put_fails(&use, HD_FULL, HD_TIMEOUT);
        check_items(&use, capacities[i]);
        check_get_fails(&use, HD_EMPTY, HD_TIMEOUT);
        end(&use);
    }
}

static void without_a_capacity_it_is_never_full(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, HD_QUEUE_ITEMS_MAX - 1);
    HD_CHECK_RESULT(use.kind->try_put(&use.any, &hd_queue_items[HD_QUEUE_ITEMS_MAX - 1], 0), HD_OK);
    check_items(&use, HD_QUEUE_ITEMS_MAX);
    end(&use);
}

static void all_ways_to_put_and_get_are_the_same_when_there_is_no_need_to_wait(void **state)
{
    struct use use;
    void *item = NULL;

    begin(&use, state, 4);
    HD_CHECK_RESULT(use.kind->put(&use.any, &hd_queue_items[0], 0), HD_OK);
    HD_CHECK_RESULT(use.kind->try_put(&use.any, &hd_queue_items[1], 0), HD_OK);
    HD_CHECK_RESULT(use.kind->put_until(&use.any, &hd_queue_items[2], 0, HD_TEST_PAST), HD_OK);
    HD_CHECK_RESULT(use.kind->put_until(&use.any, &hd_queue_items[3], 0, HD_FOREVER), HD_OK);
    HD_CHECK_EQUAL(use.kind->size(&use.any), 4);
    HD_CHECK_RESULT(use.kind->get(&use.any, &item), HD_OK);
    HD_CHECK_EQUAL(hd_queue_item_number(item), use.kind->is_newest_first ? 3 : 0);
    HD_CHECK_RESULT(use.kind->try_get(&use.any, &item), HD_OK);
    HD_CHECK_EQUAL(hd_queue_item_number(item), use.kind->is_newest_first ? 2 : 1);
    HD_CHECK_RESULT(use.kind->get_until(&use.any, &item, HD_TEST_PAST), HD_OK);
    HD_CHECK_EQUAL(hd_queue_item_number(item), use.kind->is_newest_first ? 1 : 2);
    HD_CHECK_RESULT(use.kind->get_until(&use.any, &item, HD_FOREVER), HD_OK);
    HD_CHECK_EQUAL(hd_queue_item_number(item), use.kind->is_newest_first ? 0 : 3);
    HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
    end(&use);
}

static void null_is_an_item_like_any_other(void **state)
{
    struct use use;
    void *item = &use;

    begin(&use, state, 2);
    HD_CHECK_RESULT(use.kind->put(&use.any, NULL, 0), HD_OK);
    HD_CHECK_EQUAL(use.kind->size(&use.any), 1);
    HD_CHECK_RESULT(use.kind->try_get(&use.any, &item), HD_OK);
    HD_CHECK(item == NULL);
    end(&use);
}

/* What is in the queue, oldest first. */
struct model {
    size_t numbers[HD_QUEUE_ITEMS_MAX];
    size_t first;
    size_t end;
    size_t put_count;
};

static void check_get_by_model(struct use *use, struct model *model)
{
    const size_t number = get(use);

    if (use->kind->is_newest_first) {
        model->end--;
        HD_CHECK_EQUAL(number, model->numbers[model->end]);
    } else {
        HD_CHECK_EQUAL(number, model->numbers[model->first]);
        model->first++;
    }
}

static void check_put_by_model(struct use *use, struct model *model)
{
    put(use, model->put_count);
    model->numbers[model->end] = model->put_count;
    model->end++;
    model->put_count++;
}

/* A stretch in which about `puts_of_16` of 16 steps are puts. */
static void check_stretch(struct use *use, struct model *model, uint32_t puts_of_16, uint64_t *seed)
{
    for (uint32_t i = 0; i < 60; i++) {
        if (hd_random_below(seed, 16) < puts_of_16 && model->put_count < HD_QUEUE_ITEMS_MAX) {
            check_put_by_model(use, model);
        } else if (model->first < model->end) {
            check_get_by_model(use, model);
        } else {
            check_get_fails(use, HD_EMPTY, HD_TIMEOUT);
        }
        HD_CHECK_EQUAL(use->kind->size(&use->any), model->end - model->first);
    }
}

/* Stretches of mostly puts and of mostly gets: grows, wraps around and empties many times. */
static void it_agrees_with_a_list_over_many_puts_and_gets(void **state)
{
    static struct model model;
    uint64_t seed = 7;
    struct use use;

    model = (struct model){.first = 0};
    begin(&use, state, 0);
    while (model.put_count < HD_QUEUE_ITEMS_MAX) {
        check_stretch(&use, &model, 5 + hd_random_below(&seed, 7), &seed);
    }
    while (model.first < model.end) {
        check_get_by_model(&use, &model);
    }
    end(&use);
}

static void items_left_at_the_end_are_forgotten_and_its_memory_freed(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, 1000); /* a leak is LeakSanitizer's to find */
    end(&use);
}

static void each_item_put_is_a_task_until_it_is_done(void **state)
{
    struct use use;

    begin(&use, state, 3);
    check_tasks(&use, 0);
    put_items(&use, 3);
    check_put_fails(&use, HD_FULL, HD_TIMEOUT); /* adds none */
    check_items(&use, 3);                       /* to get it is not to have done it */
    check_get_fails(&use, HD_EMPTY, HD_TIMEOUT);
    check_tasks(&use, 3);
    put_items(&use, 2); /* an item that is still there can be done as well */
    check_tasks(&use, 2);
    check_items(&use, 2);
    check_tasks(&use, 0);
    end(&use);
}

static void after_a_shutdown_puts_fail_and_gets_drain_it_first(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, 5);
    use.kind->shutdown(&use.any, false);
    HD_CHECK_RESULT(use.kind->put(&use.any, &use, 0), HD_SHUTDOWN);
    check_put_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_items(&use, 5);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_tasks(&use, 5);
    use.kind->shutdown(&use.any, false);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    end(&use);
}

static void a_full_queue_that_is_shut_down_says_shut_down(void **state)
{
    struct use use;
    void *item = NULL;

    begin(&use, state, 2);
    put_items(&use, 2);
    use.kind->shutdown(&use.any, false);
    check_put_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_items(&use, 2);
    check_put_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    HD_CHECK_RESULT(use.kind->get(&use.any, &item), HD_SHUTDOWN);
    HD_CHECK(item == NULL);
    end(&use);
}

static void an_immediate_shutdown_drops_the_items_as_done(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, 5);
    (void)get(&use);
    (void)get(&use);
    use.kind->shutdown(&use.any, true);
    HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_put_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    /* The two that were got are still to be done. */
    check_tasks(&use, 2);
    use.kind->shutdown(&use.any, true);
    check_tasks(&use, 0);
    end(&use);
}

static void a_second_shutdown_may_add_that_it_is_immediate_but_not_take_it_back(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, 3);
    use.kind->shutdown(&use.any, false);
    use.kind->shutdown(&use.any, true);
    HD_CHECK_EQUAL(use.kind->size(&use.any), 0);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_tasks(&use, 0);
    use.kind->shutdown(&use.any, false);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_put_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    end(&use);
}

static void an_empty_queue_that_is_shut_down_has_no_tasks(void **state)
{
    struct use use;

    begin(&use, state, 1);
    use.kind->shutdown(&use.any, true);
    check_get_fails(&use, HD_SHUTDOWN, HD_SHUTDOWN);
    check_tasks(&use, 0);
    end(&use);
}

/*
 * An array that is said to have 2^43 places, all taken, must grow to 2^47 bytes and more: no
 * process has so much address space, so realloc() fails. Nothing of the array is touched before.
 */
#define PLACES_OUT_OF_REACH ((size_t)1 << 43)

/* Twice as many pointers have more bytes than an object can have. */
#define PLACES_BEYOND_COUNTING ((size_t)1 << 59)

/* The sanitizers' realloc() must fail as well, rather than end the process. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }

const char *__tsan_default_options(void) { return "allocator_may_return_null=1"; }

static void a_put_that_finds_no_memory_changes_nothing(void **state)
{
    struct use use;

    begin(&use, state, 0);
    put_items(&use, 8);
    const size_t allocated = use.any.base.allocated;

    use.any.base.allocated = PLACES_OUT_OF_REACH;
    use.any.base.puts = PLACES_OUT_OF_REACH;
    HD_CHECK_RESULT(use.kind->put(&use.any, &use, 0), HD_NO_MEMORY);
    HD_CHECK_RESULT(use.kind->try_put(&use.any, &use, 0), HD_NO_MEMORY);
    HD_CHECK_RESULT(use.kind->put_until(&use.any, &use, 0, HD_TEST_PAST), HD_NO_MEMORY);
    HD_CHECK_EQUAL(use.any.base.allocated, PLACES_OUT_OF_REACH);
    HD_CHECK_EQUAL(use.kind->size(&use.any), PLACES_OUT_OF_REACH);
    use.any.base.allocated = PLACES_BEYOND_COUNTING;
    use.any.base.puts = PLACES_BEYOND_COUNTING;
    HD_CHECK_RESULT(use.kind->put(&use.any, &use, 0), HD_NO_MEMORY);
    use.any.base.allocated = allocated;
    use.any.base.puts = 8;
    check_items(&use, 8);
    check_tasks(&use, 8);
    end(&use);
}

const struct CMUnitTest hd_queue_properties[] = {
    cmocka_unit_test(init_makes_what_the_static_initializer_makes),
    cmocka_unit_test(one_made_by_the_static_initializer_works),
    cmocka_unit_test(it_holds_as_many_items_as_its_capacity),
    cmocka_unit_test(without_a_capacity_it_is_never_full),
    cmocka_unit_test(all_ways_to_put_and_get_are_the_same_when_there_is_no_need_to_wait),
    cmocka_unit_test(null_is_an_item_like_any_other),
    cmocka_unit_test(it_agrees_with_a_list_over_many_puts_and_gets),
    cmocka_unit_test(items_left_at_the_end_are_forgotten_and_its_memory_freed),
    cmocka_unit_test(each_item_put_is_a_task_until_it_is_done),
    cmocka_unit_test(after_a_shutdown_puts_fail_and_gets_drain_it_first),
    cmocka_unit_test(a_full_queue_that_is_shut_down_says_shut_down),
    cmocka_unit_test(an_immediate_shutdown_drops_the_items_as_done),
    cmocka_unit_test(a_second_shutdown_may_add_that_it_is_immediate_but_not_take_it_back),
    cmocka_unit_test(an_empty_queue_that_is_shut_down_has_no_tasks),
    cmocka_unit_test(a_put_that_finds_no_memory_changes_nothing),
};
const size_t hd_queue_property_count = HD_COUNT_OF(hd_queue_properties);
