/*
 * Condition: a list of waiters, guarded by the user's own lock.
 *
 * Since every call needs the lock, a wait is on the list before the lock is free, and a notify
 * takes exactly those off that came first: none is lost, and none can be taken by a thread that
 * came later. A wait whose deadline has come takes the lock first and looks then whether it was
 * notified.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/condition.h>

#include <errno.h>

#include "primitives/fatal.h"
#include "primitives/rlock.h"
#include "primitives/waiter.h"

void hd_condition_init(struct hd_condition *condition, struct hd_lock *lock)
{
    *condition = (struct hd_condition)HD_CONDITION_INITIALIZER(lock);
}

void hd_condition_init_rlock(struct hd_condition *condition, struct hd_rlock *rlock)
{
    *condition = (struct hd_condition)HD_CONDITION_INITIALIZER_RLOCK(rlock);
}

void hd_condition_destroy(struct hd_condition *condition) { (void)condition; }

static bool is_lock_held(const struct hd_condition *condition)
{
    return condition->rlock != NULL ? hd_rlock_is_owned(condition->rlock)
                                    : hd_lock_is_locked(condition->lock);
}

/* Release one of the two; the depth to restore. */
static uint32_t release_fully(struct hd_lock *lock, struct hd_rlock *rlock)
{
    if (rlock != NULL) {
        return hd_rlock_release_all(rlock);
    }
    if (hd_lock_release(lock) != HD_OK) {
        hd_fatal("condition wait: another thread released the lock meanwhile", EPERM);
    }
    return 0;
}

static void acquire_again(struct hd_lock *lock, struct hd_rlock *rlock, uint32_t depth)
{
    if (rlock != NULL) {
        hd_rlock_acquire_depth(rlock, depth);
    } else {
        hd_lock_acquire(lock);
    }
}

enum hd_result hd_condition_wait(struct hd_condition *condition)
{
    return hd_condition_wait_until(condition, HD_FOREVER);
}

enum hd_result hd_condition_wait_until(struct hd_condition *condition, uint64_t deadline_ns)
{
    /* Copied: a waiter that was notified may not touch the condition, which may be gone. */
    struct hd_lock *lock = condition->lock;
    struct hd_rlock *rlock = condition->rlock;
    struct hd_waiter waiter;

    if (!is_lock_held(condition)) {
        return HD_NOT_OWNER;
    }
    hd_waiter_list_append(&condition->waiters, &waiter);
    uint32_t depth = release_fully(lock, rlock);

    (void)hd_waiter_sleep(&waiter, deadline_ns);
    acquire_again(lock, rlock, depth);
    if (waiter.is_listed) {
        hd_waiter_list_remove(&condition->waiters, &waiter);
        return HD_TIMEOUT;
    }
    return HD_OK;
}

enum hd_result hd_condition_wait_for(struct hd_condition *condition,
                                     hd_condition_predicate *predicate,
                                     void *argument,
                                     uint64_t deadline_ns)
{
    if (!is_lock_held(condition)) {
        return HD_NOT_OWNER;
    }
    while (!predicate(argument)) {
        enum hd_result result = hd_condition_wait_until(condition, deadline_ns);

        if (result == HD_TIMEOUT && predicate(argument)) {
            return HD_OK;
        }
        if (result != HD_OK) {
            return result;
        }
    }
    return HD_OK;
}

enum hd_result hd_condition_notify(struct hd_condition *condition, size_t count)
{
    if (!is_lock_held(condition)) {
        return HD_NOT_OWNER;
    }
    for (; count > 0 && !hd_waiter_list_is_empty(&condition->waiters); count--) {
        hd_waiter_wake(hd_waiter_list_take_first(&condition->waiters), HD_OK);
    }
    return HD_OK;
}

enum hd_result hd_condition_notify_all(struct hd_condition *condition)
{
    return hd_condition_notify(condition, SIZE_MAX);
}
