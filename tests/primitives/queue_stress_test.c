/*
 * 16 producers and 16 consumers at each blocking queue: no item is lost or doubled, every task is
 * done, and nobody sleeps for ever.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>

#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

#define PRODUCERS 16U
#define CONSUMERS 16U
#define ITEMS (HD_QUEUE_ITEMS_MAX / PRODUCERS) /* each producer's */

struct market {
    const struct hd_queue_kind *kind;
    union hd_any_queue any;
    uint32_t taken[HD_QUEUE_ITEMS_MAX]; /* atomic; [i]: how often item i was got */
    uint32_t puts;                      /* atomic; that were HD_OK */
    uint32_t gets;                      /* atomic; that were HD_OK */
    bool are_putters_slow;              /* constant after init; else getters are */
};

/* Put one item in one of the three ways; whether it is in. */
static bool put_somehow(struct market *market, void *item, uint64_t *seed)
{
    const int64_t priority = hd_random_below(seed, 10);
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 50000));

    switch (hd_random_below(seed, 4)) {
    case 0:
        return market->kind->try_put(&market->any, item, priority) == HD_OK;
    case 1:
        return market->kind->put_until(&market->any, item, priority, deadline_ns) == HD_OK;
    default:
        HD_CHECK_RESULT(market->kind->put(&market->any, item, priority), HD_OK);
        return true;
    }
}

static void produce(void *shared, size_t index)
{
    struct market *market = shared;
    uint64_t seed = index + 1;

    for (size_t i = 0; i < ITEMS;) {
        if (put_somehow(market, &hd_queue_items[index * ITEMS + i], &seed)) {
            i++;
        }
    }
}

static enum hd_result get_somehow(struct market *market, void **item, uint64_t *seed)
{
    const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(seed, 50000));

    switch (hd_random_below(seed, 4)) {
    case 0:
        return market->kind->try_get(&market->any, item);
    case 1:
        return market->kind->get_until(&market->any, item, deadline_ns);
    default:
        return market->kind->get(&market->any, item);
    }
}

static void consume(void *shared, size_t index)
{
    struct market *market = shared;
    uint64_t seed = index + 100;
    enum hd_result result = HD_OK;

    while (result != HD_SHUTDOWN) {
        void *item = NULL;

        result = get_somehow(market, &item, &seed);
        if (result == HD_OK) {
            (void)hd_mark_add(&market->taken[hd_queue_item_number(item)], 1);
            (void)hd_mark_add(&market->gets, 1);
            HD_CHECK_RESULT(market->kind->task_done(&market->any), HD_OK);
        } else {
            HD_CHECK(item == NULL);
        }
    }
}

static void run_market(struct market *market, size_t capacity)
{
    struct hd_crew producers = {0};
    struct hd_crew consumers = {0};

    market->kind->init(&market->any, capacity);
    hd_crew_add(&consumers, CONSUMERS, consume, market);
    hd_crew_add(&producers, PRODUCERS, produce, market);
    hd_crew_join(&producers);
    market->kind->join(&market->any);
    HD_CHECK_EQUAL(market->kind->size(&market->any), 0);
    market->kind->shutdown(&market->any, false);
    hd_crew_join(&consumers);
    for (size_t i = 0; i < (size_t)PRODUCERS * ITEMS; i++) {
        HD_CHECK_EQUAL(market->taken[i], 1);
    }
    HD_CHECK_RESULT(market->kind->task_done(&market->any), HD_OVERFLOW);
    market->kind->destroy(&market->any);
}

static void each_item_of_16_producers_reaches_one_of_16_consumers(void **state)
{
    static const size_t capacities[] = {0, 1, 5};
    static struct market market;

    for (size_t i = 0; i < HD_COUNT_OF(capacities); i++) {
        market = (struct market){.kind = hd_test_subject(state)};
        run_market(&market, capacities[i]);
    }
}

static void put_until_shut_down(void *shared, size_t index)
{
    struct market *market = shared;

    while (market->kind->put(&market->any, &hd_queue_items[index], 0) == HD_OK) {
        (void)hd_mark_add(&market->puts, 1);
    }
}

static void get_until_shut_down(void *shared, size_t index)
{
    struct market *market = shared;
    void *item = NULL;

    (void)index;
    while (market->kind->get(&market->any, &item) == HD_OK) {
        (void)hd_mark_add(&market->gets, 1);
    }
}

/* In full flow, with threads blocked at whichever end is slower. */
static void a_shutdown_sends_all_32_threads_home_and_loses_nothing(void **state)
{
    static struct market market;

    for (uint32_t round = 0; round < 40; round++) {
        struct hd_crew crew = {0};

        market = (struct market){.kind = hd_test_subject(state)};
        market.kind->init(&market.any, 1 + round % 5);
        hd_crew_add(&crew, PRODUCERS, put_until_shut_down, &market);
        hd_crew_add(&crew, CONSUMERS, get_until_shut_down, &market);
        HD_AWAIT(hd_mark_add(&market.gets, 0) > 50 * (round % 3));
        market.kind->shutdown(&market.any, round % 2 == 1);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(market.kind->size(&market.any), 0);
        if (round % 2 == 0) {
            HD_CHECK_EQUAL(market.gets, market.puts);
        } else {
            /* What it dropped is what is missing, and was in the queue at that moment. */
            HD_CHECK(market.gets <= market.puts && market.puts - market.gets <= 1 + round % 5);
        }
        for (uint32_t i = 0; i < market.gets; i++) {
            HD_CHECK_RESULT(market.kind->task_done(&market.any), HD_OK);
        }
        HD_CHECK_RESULT(market.kind->join_until(&market.any, HD_TEST_PAST), HD_OK);
        market.kind->destroy(&market.any);
    }
}

/*
 * One of each side: if a wake-up is lost, both sleep for ever, and nobody else wakes them. Each
 * hesitates about as long as the other looks before it sleeps.
 */
#define HESITATION 4000U
#define DUEL_ITEMS 5000U

static void put_all(void *shared, size_t index)
{
    struct market *market = shared;
    uint64_t seed = index + 1;

    for (size_t i = 0; i < DUEL_ITEMS; i++) {
        hd_hesitate(&seed, market->are_putters_slow ? HESITATION : 1);
        HD_CHECK_RESULT(market->kind->put(&market->any, &hd_queue_items[i], 0), HD_OK);
    }
}

static void get_all(void *shared, size_t index)
{
    struct market *market = shared;
    uint64_t seed = index + 1;

    for (size_t i = 0; i < DUEL_ITEMS; i++) {
        void *item = NULL;

        hd_hesitate(&seed, market->are_putters_slow ? 1 : HESITATION);
        HD_CHECK_RESULT(market->kind->get(&market->any, &item), HD_OK);
        HD_CHECK(hd_queue_item_number(item) < DUEL_ITEMS);
    }
}

static void one_putter_and_one_getter_keep_each_other_awake(void **state)
{
    static struct market market;

    for (uint32_t round = 0; round < 4; round++) {
        struct hd_crew crew = {0};

        market =
            (struct market){.kind = hd_test_subject(state), .are_putters_slow = round % 2 == 0};
        market.kind->init(&market.any, 1 + round / 2);
        hd_crew_add(&crew, 1, put_all, &market);
        hd_crew_add(&crew, 1, get_all, &market);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(market.kind->size(&market.any), 0);
        market.kind->destroy(&market.any);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_of_16_producers_reaches_one_of_16_consumers),
        cmocka_unit_test(one_putter_and_one_getter_keep_each_other_awake),
        cmocka_unit_test(a_shutdown_sends_all_32_threads_home_and_loses_nothing),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), &hd_fifo_queue_kind},
        {tests, HD_COUNT_OF(tests), &hd_lifo_queue_kind},
        {tests, HD_COUNT_OF(tests), &hd_priority_queue_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
