/*
 * Semaphore kinds: semaphore and bounded_semaphore behind one table of functions, for what they
 * share as counts. As locks with one unit they are in lock_kinds.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_SEMAPHORE_KINDS_H
#define HEDDLE_TESTS_PRIMITIVES_SEMAPHORE_KINDS_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/bounded_semaphore.h>
#include <heddle/result.h>
#include <heddle/semaphore.h>

#include "tests/primitives/support.h"

union hd_any_semaphore {
    struct hd_semaphore plain; /* the first member of the other */
    struct hd_bounded_semaphore bounded;
};

struct hd_semaphore_kind {
    enum hd_result (*init)(union hd_any_semaphore *any, uint32_t units);
    void (*destroy)(union hd_any_semaphore *any);
    void (*acquire)(union hd_any_semaphore *any);
    enum hd_result (*try_acquire)(union hd_any_semaphore *any);
    enum hd_result (*acquire_until)(union hd_any_semaphore *any, uint64_t deadline_ns);
    enum hd_result (*release)(union hd_any_semaphore *any, uint32_t units);
    uint32_t (*value)(const union hd_any_semaphore *any);
    uint32_t units_full; /* made with so many units, it takes no more */
};

extern const struct hd_semaphore_kind hd_plain_semaphore_kind;
extern const struct hd_semaphore_kind hd_bound_semaphore_kind;

/* Threads that are counted as sleeping in it. */
uint32_t hd_semaphore_sleepers(const union hd_any_semaphore *any);

/* The tests of what they share; each needs a struct hd_semaphore_kind as its subject. */
extern const struct CMUnitTest hd_semaphore_properties[];
extern const size_t hd_semaphore_property_count;

#endif
