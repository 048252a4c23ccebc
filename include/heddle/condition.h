/*
 * Condition: threads that hold a lock wait, releasing it, until another one notifies them.
 *
 *     static struct hd_lock lock = HD_LOCK_INITIALIZER;
 *     static struct hd_condition not_empty = HD_CONDITION_INITIALIZER(&lock);
 *
 *     hd_lock_acquire(&lock);
 *     while (count == 0) {
 *         result = hd_condition_wait(&not_empty);
 *     }
 *     count--;
 *     result = hd_lock_release(&lock);
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not). The lock
 *               keeps wait and notify apart; calls without it are refused as far as can be seen:
 *
 *                          init  wait*  notify*  destroy
 *                 init      X      X       X        X
 *                 wait*     X      -       -        X
 *                 notify*   X      -       -        X
 *                 destroy   X      X       X        X
 *
 * Lifetime      Once every waiter has been notified and the notifier has released the lock, the
 *               condition may be destroyed and freed: a notified waiter touches only the lock. So
 *               the lock must outlive the waits.
 * Ordering      A notify happens before the return of each wait that it ends. The lock orders the
 *               rest.
 * Fairness      First in, first out: a notify ends the waits that began first. A wait ends only by
 *               a notify or its deadline: there are no spurious wake-ups, and a thread that begins
 *               to wait after a notify cannot take it from one that waited before. Which of the
 *               threads woken gets the lock first is not said.
 * Fork          The child may use it if no other thread was waiting at the fork; else it must be
 *               initialised anew, for the threads that wait do not exist in the child.
 * Source        A list of waiters under the user's lock, each with a word of its own: Birrell, "An
 *               Introduction to Programming with Threads", 1989; semantics of Python's
 *               threading.Condition; departure: holding a plain hd_lock means that it is locked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CONDITION_H
#define HEDDLE_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/lock.h>
#include <heddle/result.h>
#include <heddle/rlock.h>
#include <heddle/waiter_list.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hd_condition {
    struct hd_lock *lock;          /* constant after init; NULL where rlock is not */
    struct hd_rlock *rlock;        /* constant after init; NULL where lock is not */
    struct hd_waiter_list waiters; /* under that lock; oldest first */
};

/* `lock` is the address of a struct hd_lock. */
#define HD_CONDITION_INITIALIZER(lock) {(lock), NULL, HD_WAITER_LIST_INITIALIZER}

/* `rlock` is the address of a struct hd_rlock. */
#define HD_CONDITION_INITIALIZER_RLOCK(rlock) {NULL, (rlock), HD_WAITER_LIST_INITIALIZER}

/* Whether a wait is over. Called with the lock held; must not release it. */
typedef bool hd_condition_predicate(void *argument);

/*
 * Make `condition` a condition over `lock`. HD_CONDITION_INITIALIZER does the same.
 *
 * Requires    Nobody uses *condition. The lock may be in use.
 * Blocks      No.
 * Ownership   The lock stays the caller's and must outlive all waits.
 * Ordering    None; publish the condition to other threads by other means.
 */
void hd_condition_init(struct hd_condition *condition, struct hd_lock *lock);

/*
 * Make `condition` a condition over `rlock`. HD_CONDITION_INITIALIZER_RLOCK does the same.
 *
 * Requires    Nobody uses *condition. The lock may be in use.
 * Blocks      No.
 * Ownership   The lock stays the caller's and must outlive all waits.
 * Ordering    None; publish the condition to other threads by other means.
 */
void hd_condition_init_rlock(struct hd_condition *condition, struct hd_rlock *rlock);

/*
 * End the life of `condition`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody waits for, who has not been notified, or is calling into *condition.
 * Blocks      No.
 * Ordering    None.
 */
void hd_condition_destroy(struct hd_condition *condition);

/*
 * Release the lock, wait for a notify, and take the lock again. An rlock is released at all its
 * levels and taken again to the same depth.
 *
 * Requires    Initialised; the caller holds the lock. If another thread releases a plain lock
 *             before this call does, the process is stopped with a message.
 * Blocks      Yes: for a notify, then for the lock.
 * Returns     HD_OK         notified; the caller holds the lock.
 *             HD_NOT_OWNER  the lock is not held; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_condition_wait(struct hd_condition *condition);

/*
 * Like hd_condition_wait(), but give up at `deadline_ns`. The lock is taken again in any case,
 * however long that takes.
 *
 * Requires    Initialised; the caller holds the lock.
 * Blocks      Yes: for a notify until the deadline, then for the lock without one. HD_FOREVER waits
 *             without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns().
 * Returns     HD_OK         notified, before the caller had taken the lock again; the caller holds
 *                           it.
 *             HD_TIMEOUT    not notified; the caller holds the lock, and no notify was used up.
 *             HD_NOT_OWNER  the lock is not held; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, what the lock gives.
 */
HD_MUST_CHECK enum hd_result hd_condition_wait_until(struct hd_condition *condition,
                                                     uint64_t deadline_ns);

/*
 * Wait until `predicate(argument)` holds: test it first, and again after each notify.
 *
 * Requires    Initialised; the caller holds the lock.
 * Blocks      Yes, unless the predicate holds. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns().
 * Returns     HD_OK         the predicate holds, and the caller holds the lock.
 *             HD_TIMEOUT    it did not hold at the deadline; the caller holds the lock.
 *             HD_NOT_OWNER  the lock is not held; nothing has changed, nothing was tested.
 * Ownership   `argument` stays the caller's.
 * Ordering    What the lock gives.
 */
HD_MUST_CHECK enum hd_result hd_condition_wait_for(struct hd_condition *condition,
                                                   hd_condition_predicate *predicate,
                                                   void *argument,
                                                   uint64_t deadline_ns);

/*
 * End the `count` waits that began first, or all if there are fewer. It is not remembered.
 *
 * Requires    Initialised; the caller holds the lock.
 * Blocks      No.
 * Returns     HD_OK         done; they return once they get the lock.
 *             HD_NOT_OWNER  the lock is not held; nothing has changed.
 * Ordering    On HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_condition_notify(struct hd_condition *condition, size_t count);

/*
 * End all waits that have begun. It is not remembered.
 *
 * Requires    Initialised; the caller holds the lock.
 * Blocks      No.
 * Returns     HD_OK         done; they return once they get the lock.
 *             HD_NOT_OWNER  the lock is not held; nothing has changed.
 * Ordering    On HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_condition_notify_all(struct hd_condition *condition);

#ifdef __cplusplus
}
#endif

#endif
