/*
 * Ring: slots in transit. A thread that is stopped in the middle of a put or get is played by hand,
 * by the steps that it would do. Several threads at once are in ring_stress_test.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/ring.h>

#include "tests/primitives/ring_kinds.h"
#include "tests/primitives/support.h"

/* Items are addresses in here. */
static char items[8];

static void put(struct hd_ring *ring, size_t number)
{
    HD_CHECK_RESULT(hd_ring_try_put(ring, &items[number]), HD_OK);
}

static void check_get(struct hd_ring *ring, size_t number)
{
    void *item = NULL;

    HD_CHECK_RESULT(hd_ring_try_get(ring, &item), HD_OK);
    HD_CHECK(item == &items[number]);
}

static void check_put_fails(struct hd_ring *ring, enum hd_result expected)
{
    const struct hd_ring before = *ring;

    HD_CHECK_RESULT(hd_ring_try_put(ring, &items[0]), expected);
    HD_CHECK(memcmp(ring, &before, sizeof(before)) == 0);
}

/* What a get that fails leaves in its argument. */
static char untouched;

static void check_get_fails(struct hd_ring *ring, enum hd_result expected)
{
    const struct hd_ring before = *ring;
    void *item = &untouched;

    HD_CHECK_RESULT(hd_ring_try_get(ring, &item), expected);
    HD_CHECK(item == &untouched);
    HD_CHECK(memcmp(ring, &before, sizeof(before)) == 0);
}

/* A producer that has claimed a slot and is stopped before it has filled it. */
static void a_get_of_a_slot_that_is_being_filled_is_busy(void **state)
{
    struct hd_ring_slot slots[4];
    struct hd_ring ring;

    (void)state;
    HD_CHECK_RESULT(hd_ring_init(&ring, slots, 4), HD_OK);
    for (size_t round = 0; round < 3; round++) {
        const uint64_t claimed = ring.tail;

        ring.tail++; /* claimed ... */
        HD_CHECK_EQUAL(hd_ring_size(&ring), 1);
        check_get_fails(&ring, HD_BUSY);
        put(&ring, 1); /* others go on behind it */
        put(&ring, 2);
        put(&ring, 3);
        HD_CHECK_EQUAL(hd_ring_size(&ring), 4);
        check_get_fails(&ring, HD_BUSY);
        check_put_fails(&ring, HD_FULL);
        slots[claimed % 4].item = &items[0]; /* ... filled ... */
        slots[claimed % 4].turn++;           /* ... and passed on to its getter */
        for (size_t i = 0; i < 4; i++) {
            check_get(&ring, i);
        }
        check_get_fails(&ring, HD_EMPTY);
    }
    hd_ring_destroy(&ring);
}

/* A consumer that has claimed a slot and is stopped before it has emptied it. */
static void a_put_to_a_slot_that_is_being_emptied_is_busy(void **state)
{
    struct hd_ring_slot slots[4];
    struct hd_ring ring;

    (void)state;
    HD_CHECK_RESULT(hd_ring_init(&ring, slots, 4), HD_OK);
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 4; i++) {
            put(&ring, i);
        }
        const uint64_t claimed = ring.head;

        ring.head++; /* claimed ... */
        HD_CHECK_EQUAL(hd_ring_size(&ring), 3);
        check_put_fails(&ring, HD_BUSY);
        check_get(&ring, 1); /* others go on behind it */
        check_get(&ring, 2);
        check_put_fails(&ring, HD_BUSY);
        slots[claimed % 4].turn += 4 - 1; /* ... and passed on to the put of the next round */
        put(&ring, 4);
        check_get(&ring, 3);
        check_get(&ring, 4);
        check_get_fails(&ring, HD_EMPTY);
    }
    hd_ring_destroy(&ring);
}

static void a_ring_that_is_being_emptied_is_empty_to_getters_and_busy_to_putters(void **state)
{
    struct hd_ring_slot slots[2];
    struct hd_ring ring;

    (void)state;
    HD_CHECK_RESULT(hd_ring_init(&ring, slots, 2), HD_OK);
    put(&ring, 0);
    put(&ring, 1);
    ring.head += 2; /* both are being emptied */
    HD_CHECK_EQUAL(hd_ring_size(&ring), 0);
    check_put_fails(&ring, HD_BUSY);
    check_get_fails(&ring, HD_EMPTY);
    slots[0].turn += 2 - 1;
    put(&ring, 2);
    check_put_fails(&ring, HD_BUSY);
    slots[1].turn += 2 - 1;
    put(&ring, 3);
    check_put_fails(&ring, HD_FULL);
    check_get(&ring, 2);
    check_get(&ring, 3);
    hd_ring_destroy(&ring);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_get_of_a_slot_that_is_being_filled_is_busy),
        cmocka_unit_test(a_put_to_a_slot_that_is_being_emptied_is_busy),
        cmocka_unit_test(a_ring_that_is_being_emptied_is_empty_to_getters_and_busy_to_putters),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_ring_properties, hd_ring_property_count, &hd_ring_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
