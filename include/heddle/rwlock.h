/*
 * Reader-writer lock: shared by any number of readers, or exclusive to one writer.
 *
 *     static struct hd_rwlock lock = HD_RWLOCK_INITIALIZER;
 *
 *     if (hd_rwlock_acquire_shared(&lock) == HD_OK) {
 *         found = look_up(table, key);
 *         result = hd_rwlock_release_shared(&lock);
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  acquire*  release*  destroy
 *                 init        X       X         X         X
 *                 acquire*    X       -         -         X
 *                 release*    X       -         -         X
 *                 destroy     X       X         X         X
 *
 * Lifetime      The last holder may destroy and free the lock as soon as its own release has
 *               returned: a release touches the lock no more once another thread can have acquired
 *               it.
 * Ordering      A release of either kind happens before the next exclusive acquire; an exclusive
 *               release happens before every later acquire. Shared holders are not ordered among
 *               themselves.
 * Fairness      Writers first: readers wait while a writer holds the lock or waits for it, and
 *               writers get it in the order in which they came, from release to acquire without a
 *               gap. Writers never starve; readers do while there is always a writer.
 * Fork          The child may use it if no other thread held or waited for it at the fork; else it
 *               must be initialised anew.
 * Source        Courtois, Heymans, Parnas, "Concurrent Control with Readers and Writers", 1971,
 *               problem 2; with direct hand-over.
 *
 * A thread that holds the lock shared must not acquire it again: with a writer waiting in between
 * it would wait for the writer, and the writer for it. That is not detected.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_RWLOCK_H
#define HEDDLE_RWLOCK_H

#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>
#include <heddle/waiter_list.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bits of `state`:
 *   0..28  threads that hold the lock shared; 0 while `exclusive` is set.
 *   29     zero; reserved for a lock shared between processes.
 *   30     waiters: set exactly while one of the lists is not empty; changed only under guard.
 *   31     exclusive: set exactly while a thread holds the lock exclusively.
 */
struct hd_rwlock {
    uint32_t state;  /* atomic; with `waiters` set, changed only under guard */
    uint32_t guard;  /* atomic; the bits of struct hd_lock */
    uintptr_t owner; /* atomic; written by the exclusive holder; 0 when there is none */
    struct hd_waiter_list readers; /* under guard; oldest first */
    struct hd_waiter_list writers; /* under guard; oldest first */
};

#define HD_RWLOCK_INITIALIZER {0, 0, 0, HD_WAITER_LIST_INITIALIZER, HD_WAITER_LIST_INITIALIZER}

/*
 * Make `rwlock` a free lock. HD_RWLOCK_INITIALIZER does the same.
 *
 * Requires    Nobody uses *rwlock.
 * Blocks      No.
 * Ordering    None; publish the lock to other threads by other means.
 */
void hd_rwlock_init(struct hd_rwlock *rwlock);

/*
 * End the life of `rwlock`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody holds, waits for or is calling into *rwlock.
 * Blocks      No.
 * Ordering    None.
 */
void hd_rwlock_destroy(struct hd_rwlock *rwlock);

/*
 * Take the lock shared, waiting as long as a writer holds it or waits for it.
 *
 * Requires    Initialised; the caller does not hold it shared.
 * Blocks      Yes, while a writer holds the lock or waits for it.
 * Returns     HD_OK              the lock is taken.
 *             HD_WOULD_DEADLOCK  the caller holds it exclusively; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_acquire_shared(struct hd_rwlock *rwlock);

/*
 * Take the lock shared if no writer holds it or waits for it.
 *
 * Requires    Initialised; the caller does not hold it shared.
 * Blocks      No.
 * Returns     HD_OK    the lock is taken.
 *             HD_BUSY  a writer, maybe the caller, holds it or waits for it; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_BUSY, none.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_try_acquire_shared(struct hd_rwlock *rwlock);

/*
 * Take the lock shared, waiting until `deadline_ns` while a writer holds it or waits for it.
 *
 * Requires    Initialised; the caller does not hold it shared.
 * Blocks      Yes, while a writer holds the lock or waits for it. HD_FOREVER waits without a
 *             deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK              the lock is taken.
 *             HD_TIMEOUT         it could not be taken in time; nothing has changed.
 *             HD_WOULD_DEADLOCK  the caller holds it exclusively; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_acquire_shared_until(struct hd_rwlock *rwlock,
                                                            uint64_t deadline_ns);

/*
 * Give up one shared hold. The last one hands the lock to the writer that has waited longest.
 *
 * Requires    Initialised; the caller holds it shared.
 * Blocks      No.
 * Returns     HD_OK         the hold is given up.
 *             HD_NOT_OWNER  nobody holds it shared; nothing has changed. That the caller is among
 *                           those who do is not checked.
 * Ordering    On HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_release_shared(struct hd_rwlock *rwlock);

/*
 * Take the lock exclusively, waiting as long as anybody holds it.
 *
 * Requires    Initialised; the caller does not hold it shared.
 * Blocks      Yes, unless the lock is free.
 * Returns     HD_OK              the lock is taken.
 *             HD_WOULD_DEADLOCK  the caller holds it exclusively; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_acquire_exclusive(struct hd_rwlock *rwlock);

/*
 * Take the lock exclusively if it is free.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK    the lock is taken.
 *             HD_BUSY  somebody, maybe the caller, holds it; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_BUSY, none.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_try_acquire_exclusive(struct hd_rwlock *rwlock);

/*
 * Take the lock exclusively, waiting until `deadline_ns` while anybody holds it.
 *
 * Requires    Initialised; the caller does not hold it shared.
 * Blocks      Yes, unless the lock is free. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK              the lock is taken.
 *             HD_TIMEOUT         it did not become free in time; readers that waited behind the
 *                                caller go on, unless another writer holds the lock or waits for
 *                                it.
 *             HD_WOULD_DEADLOCK  the caller holds it exclusively; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_acquire_exclusive_until(struct hd_rwlock *rwlock,
                                                               uint64_t deadline_ns);

/*
 * Release the exclusive hold: to the writer that has waited longest, else to all readers that wait.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK         the lock is released.
 *             HD_NOT_OWNER  the caller does not hold it exclusively; nothing has changed.
 * Ordering    On HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rwlock_release_exclusive(struct hd_rwlock *rwlock);

#ifdef __cplusplus
}
#endif

#endif
