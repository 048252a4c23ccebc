/*
 * Priority queue: the least priority leaves first, ties in order of arrival.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/priority_queue.h>

#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

#define ITEMS 5000U

static void put(struct hd_priority_queue *queue, size_t number, int64_t priority)
{
    HD_CHECK_RESULT(hd_priority_queue_put(queue, &hd_queue_items[number], priority), HD_OK);
}

static size_t get(struct hd_priority_queue *queue)
{
    void *item = NULL;

    HD_CHECK_RESULT(hd_priority_queue_get(queue, &item), HD_OK);
    return hd_queue_item_number(item);
}

static void the_least_priority_leaves_first(void **state)
{
    struct hd_priority_queue queue = HD_PRIORITY_QUEUE_INITIALIZER(0);

    (void)state;
    put(&queue, 0, 0);
    put(&queue, 1, INT64_MAX);
    put(&queue, 2, -1);
    put(&queue, 3, INT64_MIN);
    put(&queue, 4, 1);
    HD_CHECK_EQUAL(get(&queue), 3);
    HD_CHECK_EQUAL(get(&queue), 2);
    HD_CHECK_EQUAL(get(&queue), 0);
    HD_CHECK_EQUAL(get(&queue), 4);
    HD_CHECK_EQUAL(get(&queue), 1);
    hd_priority_queue_destroy(&queue);
}

/* All ways to put take the priority. */
static void tries_and_deadlines_put_at_their_priority(void **state)
{
    struct hd_priority_queue queue = HD_PRIORITY_QUEUE_INITIALIZER(3);
    char *items = hd_queue_items;

    (void)state;
    HD_CHECK_RESULT(hd_priority_queue_put(&queue, &items[0], 3), HD_OK);
    HD_CHECK_RESULT(hd_priority_queue_try_put(&queue, &items[1], 2), HD_OK);
    HD_CHECK_RESULT(hd_priority_queue_put_until(&queue, &items[2], 1, HD_TEST_PAST), HD_OK);
    HD_CHECK_RESULT(hd_priority_queue_try_put(&queue, &items[3], 0), HD_FULL);
    HD_CHECK_EQUAL(get(&queue), 2);
    HD_CHECK_EQUAL(get(&queue), 1);
    HD_CHECK_EQUAL(get(&queue), 0);
    hd_priority_queue_destroy(&queue);
}

/* What is in the queue, by a search through all of it. */
struct model {
    int64_t priorities[ITEMS];
    bool is_there[ITEMS];
    size_t put_count;
};

static size_t take_least(struct model *model)
{
    size_t least = ITEMS;

    for (size_t i = 0; i < model->put_count; i++) {
        /* Strictly less: of equal ones the first to come wins. */
        if (model->is_there[i] &&
            (least == ITEMS || model->priorities[i] < model->priorities[least])) {
            least = i;
        }
    }
    HD_CHECK(least < ITEMS);
    model->is_there[least] = false;
    return least;
}

/* Priorities of which many are equal: the order of every get is known. */
static void ties_leave_in_order_of_arrival_among_all_others(void **state)
{
    static struct model model;
    struct hd_priority_queue queue = HD_PRIORITY_QUEUE_INITIALIZER(0);
    uint64_t seed = 9;

    (void)state;
    model = (struct model){.put_count = 0};
    while (model.put_count < ITEMS) {
        if (hd_random_below(&seed, 5) < 3 || hd_priority_queue_size(&queue) == 0) {
            const int64_t priority = (int64_t)hd_random_below(&seed, 20) - 10;

            put(&queue, model.put_count, priority);
            model.priorities[model.put_count] = priority;
            model.is_there[model.put_count] = true;
            model.put_count++;
        } else {
            HD_CHECK_EQUAL(get(&queue), take_least(&model));
        }
    }
    while (hd_priority_queue_size(&queue) > 0) {
        HD_CHECK_EQUAL(get(&queue), take_least(&model));
    }
    hd_priority_queue_destroy(&queue);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_priority_leaves_first),
        cmocka_unit_test(tries_and_deadlines_put_at_their_priority),
        cmocka_unit_test(ties_leave_in_order_of_arrival_among_all_others),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_queue_properties, hd_queue_property_count, &hd_priority_queue_kind},
        {hd_queue_wait_properties, hd_queue_wait_property_count, &hd_priority_queue_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
