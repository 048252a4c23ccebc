/*
 * LIFO queue: the newest item leaves first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lifo_queue.h>

#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

static void put(struct hd_lifo_queue *queue, size_t number)
{
    HD_CHECK_RESULT(hd_lifo_queue_put(queue, &hd_queue_items[number]), HD_OK);
}

static size_t get(struct hd_lifo_queue *queue)
{
    void *item = NULL;

    HD_CHECK_RESULT(hd_lifo_queue_get(queue, &item), HD_OK);
    return hd_queue_item_number(item);
}

static void what_was_put_last_leaves_first(void **state)
{
    struct hd_lifo_queue queue = HD_LIFO_QUEUE_INITIALIZER(0);

    (void)state;
    put(&queue, 0);
    put(&queue, 1);
    HD_CHECK_EQUAL(get(&queue), 1);
    put(&queue, 2);
    put(&queue, 3);
    HD_CHECK_EQUAL(get(&queue), 3);
    HD_CHECK_EQUAL(get(&queue), 2);
    put(&queue, 4);
    HD_CHECK_EQUAL(get(&queue), 4);
    HD_CHECK_EQUAL(get(&queue), 0);
    HD_CHECK_EQUAL(hd_lifo_queue_size(&queue), 0);
    hd_lifo_queue_destroy(&queue);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_last_leaves_first),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_queue_properties, hd_queue_property_count, &hd_lifo_queue_kind},
        {hd_queue_wait_properties, hd_queue_wait_property_count, &hd_lifo_queue_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
