/*
 * Ring kinds: ring and spsc_ring behind one table of functions, each with an array of its own.
 *
 * What they share is tested once, in ring_properties.c, and run by the test of each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_RING_KINDS_H
#define HEDDLE_TESTS_PRIMITIVES_RING_KINDS_H

#include <stddef.h>

#include <heddle/result.h>
#include <heddle/ring.h>
#include <heddle/spsc_ring.h>

#include "tests/primitives/support.h"

#define HD_RING_CAPACITY_MAX 64U

/* A ring of either kind. */
struct hd_any_ring {
    struct hd_ring ring;
    struct hd_ring_slot ring_slots[HD_RING_CAPACITY_MAX];
    struct hd_spsc_ring spsc;
    void *spsc_slots[HD_RING_CAPACITY_MAX];
};

struct hd_ring_kind {
    enum hd_result (*init)(struct hd_any_ring *any, size_t capacity);
    void (*destroy)(struct hd_any_ring *any);
    enum hd_result (*try_put)(struct hd_any_ring *any, void *item);
    enum hd_result (*try_get)(struct hd_any_ring *any, void **item);
    size_t (*size)(const struct hd_any_ring *any);
    size_t capacity_min;
};

extern const struct hd_ring_kind hd_ring_kind;
extern const struct hd_ring_kind hd_spsc_ring_kind;

/* The tests of what they share; each needs a struct hd_ring_kind as its subject. */
extern const struct CMUnitTest hd_ring_properties[];
extern const size_t hd_ring_property_count;

#endif
