/*
 * Lock: mutual exclusion in four bytes. Any thread may release it.
 *
 *     static struct hd_lock lock = HD_LOCK_INITIALIZER;
 *
 *     hd_lock_acquire(&lock);
 *     total += amount;
 *     if (hd_lock_release(&lock) != HD_OK) {
 *         abort();
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  acquire*  release  is_locked  destroy
 *                 init        X       X         X         X         X
 *                 acquire*    X       -         -         -         X
 *                 release     X       -         -         -         X
 *                 is_locked   X       -         -         -         X
 *                 destroy     X       X         X         X         X
 *
 * Lifetime      An acquirer may destroy and free the lock as soon as its own release has returned:
 *               a release touches the lock no more once another thread can have acquired it.
 * Ordering      A release happens before the acquire that takes the lock next.
 * Fairness      None: a running thread may overtake one that is being woken. No thread sleeps while
 *               the lock is free and nobody is on its way to it.
 * Fork          The child may use a lock that nobody held at the fork. One that another thread held
 *               stays locked in the child until the child releases it or initialises it anew.
 * Source        Three-state futex mutex: Drepper, "Futexes Are Tricky", 2011, mutex 3; semantics of
 *               Python's threading.Lock.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_LOCK_H
#define HEDDLE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bits of `word`:
 *   0      locked: set exactly while the lock is held.
 *   1      contended: set only together with `locked`. Must be set while a thread sleeps in the
 *          lock; may be set when none does.
 *   2..30  zero.
 *   31     zero; reserved for a lock shared between processes.
 */
struct hd_lock {
    uint32_t word; /* atomic; all other state follows from it */
};

#define HD_LOCK_INITIALIZER {0}

/*
 * Make `lock` a free lock. HD_LOCK_INITIALIZER does the same.
 *
 * Requires    Nobody uses *lock.
 * Blocks      No.
 * Ordering    None; publish the lock to other threads by other means.
 */
void hd_lock_init(struct hd_lock *lock);

/*
 * End the life of `lock`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody holds, waits for or is calling into *lock.
 * Blocks      No.
 * Ordering    None.
 */
void hd_lock_destroy(struct hd_lock *lock);

/*
 * Take the lock, waiting for it as long as it takes.
 *
 * Requires    Initialised. A thread that holds the lock already waits until another thread releases
 *             it.
 * Blocks      Yes, unless the lock is free.
 * Ordering    Acquire: see "Ordering" above.
 */
void hd_lock_acquire(struct hd_lock *lock);

/*
 * Take the lock if it is free.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK    the lock is taken.
 *             HD_BUSY  somebody holds it, maybe the caller; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_BUSY, none.
 */
HD_MUST_CHECK enum hd_result hd_lock_try_acquire(struct hd_lock *lock);

/*
 * Take the lock, waiting for it until `deadline_ns`.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless the lock is free. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK       the lock is taken.
 *             HD_TIMEOUT  it did not become free in time; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result hd_lock_acquire_until(struct hd_lock *lock, uint64_t deadline_ns);

/*
 * Release the lock and wake one waiter, if there is any. Any thread may do it, not only the one
 * that took it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK         the lock is released.
 *             HD_NOT_OWNER  it was free; nothing has changed.
 * Ordering    On HD_OK, release: see "Ordering" above. On HD_NOT_OWNER, none.
 */
HD_MUST_CHECK enum hd_result hd_lock_release(struct hd_lock *lock);

/*
 * Whether somebody holds the lock at this moment. Other threads may change that before the caller
 * reads it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     True while the lock is held.
 * Ordering    None.
 */
bool hd_lock_is_locked(const struct hd_lock *lock);

#ifdef __cplusplus
}
#endif

#endif
