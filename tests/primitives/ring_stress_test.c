/*
 * 16 producers and 16 consumers at a ring: no item is lost or doubled, and each consumer sees the
 * items of each producer in their order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>

#include <heddle/ring.h>

#include "tests/primitives/support.h"

#define PRODUCERS 16U
#define CONSUMERS 16U
#define ITEMS 2000U /* each producer's */
#define CAPACITY_MAX 16U

/* Plain: written before the put and read after the get, so a missing order is a race. */
struct letter {
    uint32_t producer;
    uint32_t number;
};

struct post {
    struct hd_ring ring;
    struct hd_ring_slot slots[CAPACITY_MAX];
    struct letter letters[PRODUCERS][ITEMS];
    uint32_t arrived[PRODUCERS][ITEMS]; /* atomic */
    uint32_t got;                       /* atomic; letters got, or about to be */
};

static void send_all(void *shared, size_t index)
{
    struct post *post = shared;

    for (uint32_t i = 0; i < ITEMS; i++) {
        struct letter *letter = &post->letters[index][i];
        enum hd_result result = HD_BUSY;

        *letter = (struct letter){.producer = (uint32_t)index, .number = i};
        while ((result = hd_ring_try_put(&post->ring, letter)) != HD_OK) {
            HD_CHECK(result == HD_FULL || result == HD_BUSY);
            (void)sched_yield();
        }
        HD_CHECK(hd_ring_size(&post->ring) <= post->ring.capacity);
    }
}

static void receive_all(void *shared, size_t index)
{
    struct post *post = shared;
    uint32_t next[PRODUCERS] = {0};

    (void)index;
    while (hd_mark_add(&post->got, 1) < PRODUCERS * ITEMS) {
        void *item = NULL;
        enum hd_result result = HD_BUSY;

        while ((result = hd_ring_try_get(&post->ring, &item)) != HD_OK) {
            HD_CHECK(result == HD_EMPTY || result == HD_BUSY);
            HD_CHECK(item == NULL);
            (void)sched_yield();
        }
        const struct letter *letter = item;

        HD_CHECK(letter->number >= next[letter->producer]);
        next[letter->producer] = letter->number + 1;
        HD_CHECK_EQUAL(hd_mark_add(&post->arrived[letter->producer][letter->number], 1), 0);
    }
}

static void each_item_of_16_producers_reaches_one_of_16_consumers_in_order(void **state)
{
    static const size_t capacities[] = {2, 4, CAPACITY_MAX};
    static struct post post;

    (void)state;
    for (size_t c = 0; c < HD_COUNT_OF(capacities); c++) {
        struct hd_crew crew = {0};

        post = (struct post){.got = 0};
        HD_CHECK_RESULT(hd_ring_init(&post.ring, post.slots, capacities[c]), HD_OK);
        hd_crew_add(&crew, PRODUCERS, send_all, &post);
        hd_crew_add(&crew, CONSUMERS, receive_all, &post);
        hd_crew_join(&crew);
        HD_CHECK_EQUAL(hd_ring_size(&post.ring), 0);
        HD_CHECK_EQUAL(post.ring.tail, (uint64_t)PRODUCERS * ITEMS);
        HD_CHECK_EQUAL(post.ring.head, (uint64_t)PRODUCERS * ITEMS);
        hd_ring_destroy(&post.ring);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_of_16_producers_reaches_one_of_16_consumers_in_order),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
