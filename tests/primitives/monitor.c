/*
 * Monitor: a condition with a lock of either kind.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/monitor.h"

#include "tests/primitives/support.h"

void hd_monitor_init(struct hd_monitor *monitor, const struct hd_lock_kind *kind)
{
    monitor->kind = kind;
    kind->init(&monitor->any);
    if (kind == &hd_rlock_kind) {
        hd_condition_init_rlock(&monitor->condition, &monitor->any.rlock);
    } else {
        hd_condition_init(&monitor->condition, &monitor->any.lock);
    }
}

void hd_monitor_destroy(struct hd_monitor *monitor)
{
    HD_CHECK(monitor->condition.waiters.first == NULL);
    HD_CHECK(monitor->condition.waiters.last == NULL);
    hd_condition_destroy(&monitor->condition);
    monitor->kind->destroy(&monitor->any);
}

void hd_monitor_acquire(struct hd_monitor *monitor)
{
    HD_CHECK_RESULT(monitor->kind->acquire(&monitor->any), HD_OK);
}

void hd_monitor_release(struct hd_monitor *monitor)
{
    HD_CHECK_RESULT(monitor->kind->release(&monitor->any), HD_OK);
}

size_t hd_monitor_waiting(struct hd_monitor *monitor)
{
    hd_monitor_acquire(monitor);
    const size_t count = hd_count_listed(&monitor->condition.waiters);

    hd_monitor_release(monitor);
    return count;
}

void hd_monitor_notify(struct hd_monitor *monitor, size_t count)
{
    hd_monitor_acquire(monitor);
    HD_CHECK_RESULT(hd_condition_notify(&monitor->condition, count), HD_OK);
    hd_monitor_release(monitor);
}
