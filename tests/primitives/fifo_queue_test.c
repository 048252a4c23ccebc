/*
 * FIFO queue: the oldest item leaves first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/fifo_queue.h>

#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

#define ITEMS 3000U
#define PRODUCERS 3U

static void put(struct hd_fifo_queue *queue, size_t number)
{
    HD_CHECK_RESULT(hd_fifo_queue_put(queue, &hd_queue_items[number]), HD_OK);
}

static size_t get(struct hd_fifo_queue *queue)
{
    void *item = NULL;

    HD_CHECK_RESULT(hd_fifo_queue_get(queue, &item), HD_OK);
    return hd_queue_item_number(item);
}

/* However far it has wrapped around when it must grow, no item changes its place. */
static void order_survives_growth_at_every_offset(void **state)
{
    (void)state;
    for (size_t offset = 0; offset < 40; offset++) {
        struct hd_fifo_queue queue = HD_FIFO_QUEUE_INITIALIZER(0);
        size_t put_count = 0;
        size_t got_count = 0;

        for (size_t i = 0; i < offset; i++) {
            put(&queue, put_count++);
            HD_CHECK_EQUAL(get(&queue), got_count++);
        }
        while (put_count < offset + 70) {
            put(&queue, put_count++);
        }
        while (got_count < put_count) {
            HD_CHECK_EQUAL(get(&queue), got_count++);
        }
        hd_fifo_queue_destroy(&queue);
    }
}

static void put_in_order(void *shared, size_t index)
{
    struct hd_fifo_queue *queue = shared;

    for (size_t i = 0; i < ITEMS; i++) {
        put(queue, index * ITEMS + i);
    }
}

static void each_producers_items_come_in_its_order(void **state)
{
    struct hd_fifo_queue queue = HD_FIFO_QUEUE_INITIALIZER(5);
    struct hd_crew crew = {0};
    size_t next[PRODUCERS] = {0};

    (void)state;
    hd_crew_add(&crew, PRODUCERS, put_in_order, &queue);
    for (size_t i = 0; i < (size_t)PRODUCERS * ITEMS; i++) {
        const size_t number = get(&queue);

        HD_CHECK_EQUAL(number % ITEMS, next[number / ITEMS]);
        next[number / ITEMS]++;
    }
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_fifo_queue_size(&queue), 0);
    hd_fifo_queue_destroy(&queue);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_survives_growth_at_every_offset),
        cmocka_unit_test(each_producers_items_come_in_its_order),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_queue_properties, hd_queue_property_count, &hd_fifo_queue_kind},
        {hd_queue_wait_properties, hd_queue_wait_property_count, &hd_fifo_queue_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
