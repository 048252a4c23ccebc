/*
 * Lock kinds: everything that can serve as a lock, behind one table of functions: lock, rlock, the
 * exclusive side of rwlock, and both semaphores with one unit.
 *
 * What they share is tested once, in lock_properties.c, and run by the test of each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_LOCK_KINDS_H
#define HEDDLE_TESTS_PRIMITIVES_LOCK_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/bounded_semaphore.h>
#include <heddle/lock.h>
#include <heddle/result.h>
#include <heddle/rlock.h>
#include <heddle/rwlock.h>
#include <heddle/semaphore.h>

#include "tests/primitives/support.h"

union hd_any_lock {
    struct hd_lock lock;
    struct hd_rlock rlock;
    struct hd_rwlock rwlock;
    struct hd_semaphore semaphore;
    struct hd_bounded_semaphore bounded;
};

struct hd_lock_kind {
    union hd_any_lock initial; /* from the static initializer */
    size_t size;               /* its bytes, without padding at its end */
    void (*init)(union hd_any_lock *any);
    void (*destroy)(union hd_any_lock *any);
    enum hd_result (*acquire)(union hd_any_lock *any);
    enum hd_result (*try_acquire)(union hd_any_lock *any);
    enum hd_result (*acquire_until)(union hd_any_lock *any, uint64_t deadline_ns);
    enum hd_result (*release)(union hd_any_lock *any);
    bool (*is_waited_for)(union hd_any_lock *any); /* a thread sleeps in it, or is about to */
    bool is_recursive;                             /* its owner may acquire it again */
    bool has_owner;                                /* nobody else may release it */
    /* What releasing a free one gives. HD_OK: a semaphore, whose units may grow. */
    enum hd_result release_of_free;
    enum hd_result acquire_by_owner; /* what a deadline in the past gives its holder */
};

extern const struct hd_lock_kind hd_lock_kind;
extern const struct hd_lock_kind hd_rlock_kind;
extern const struct hd_lock_kind hd_rwlock_kind;
extern const struct hd_lock_kind hd_semaphore_kind;
extern const struct hd_lock_kind hd_bounded_semaphore_kind;

/* All of them. */
extern const struct hd_lock_kind *const hd_lock_kinds[];
extern const size_t hd_lock_kind_count;

/* The tests of what they share; each needs a struct hd_lock_kind as its subject. */
extern const struct CMUnitTest hd_lock_properties[];
extern const size_t hd_lock_property_count;

#endif
