/*
 * Single-producer single-consumer ring: what it promises beyond what both rings do.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/spsc_ring.h>

#include "tests/primitives/ring_kinds.h"
#include "tests/primitives/support.h"

/* Unlike the other ring, it can tell a full slot from an empty one without a turn. */
static void one_slot_is_enough(void **state)
{
    void *slots[1] = {NULL};
    struct hd_spsc_ring ring = HD_SPSC_RING_INITIALIZER(slots, 1);
    void *item = NULL;

    (void)state;
    for (size_t round = 0; round < 3; round++) {
        HD_CHECK_RESULT(hd_spsc_ring_try_get(&ring, &item), HD_EMPTY);
        HD_CHECK_RESULT(hd_spsc_ring_try_put(&ring, &slots), HD_OK);
        HD_CHECK_RESULT(hd_spsc_ring_try_put(&ring, &ring), HD_FULL);
        HD_CHECK_RESULT(hd_spsc_ring_try_get(&ring, &item), HD_OK);
        HD_CHECK(item == &slots);
    }
    hd_spsc_ring_destroy(&ring);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slot_is_enough),
    };
    const struct hd_test_group groups[] = {
        {tests, HD_COUNT_OF(tests), NULL},
        {hd_ring_properties, hd_ring_property_count, &hd_spsc_ring_kind},
    };

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
