/*
 * Monitor: a condition with its lock, which is a lock or an rlock.
 *
 * What conditions promise over both is tested once. The subject of each test is the kind of the
 * lock: hd_lock_kind or hd_rlock_kind.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_MONITOR_H
#define HEDDLE_TESTS_PRIMITIVES_MONITOR_H

#include <stddef.h>

#include <heddle/condition.h>

#include "tests/primitives/lock_kinds.h"

/* A condition with a lock of either kind. */
struct hd_monitor {
    const struct hd_lock_kind *kind;
    union hd_any_lock any;
    struct hd_condition condition;
};

void hd_monitor_init(struct hd_monitor *monitor, const struct hd_lock_kind *kind);

/* Fails if anybody is still waiting. */
void hd_monitor_destroy(struct hd_monitor *monitor);

void hd_monitor_acquire(struct hd_monitor *monitor);
void hd_monitor_release(struct hd_monitor *monitor);

/* How many have not been notified. */
size_t hd_monitor_waiting(struct hd_monitor *monitor);

void hd_monitor_notify(struct hd_monitor *monitor, size_t count);

/* The tests of what conditions promise over both. */
extern const struct CMUnitTest hd_condition_properties[]; /* of wait and notify */
extern const size_t hd_condition_property_count;
extern const struct CMUnitTest hd_condition_wait_for_properties[]; /* of wait_for */
extern const size_t hd_condition_wait_for_property_count;

#endif
