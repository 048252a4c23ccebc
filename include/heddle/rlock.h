/*
 * Reentrant lock: a lock that its owner may acquire again.
 *
 *     static struct hd_rlock lock = HD_RLOCK_INITIALIZER;
 *
 *     if (hd_rlock_acquire(&lock) == HD_OK) {
 *         visit(tree);                      // may acquire the lock again, and release it as often
 *         result = hd_rlock_release(&lock);
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                              init  acquire*  release  is_locked  is_owned  depth  destroy
 *                 init          X       X         X         X         X        X       X
 *                 acquire*      X       -         -         -         -        -       X
 *                 release       X       -         -         -         -        -       X
 *                 is_locked     X       -         -         -         -        -       X
 *                 is_owned      X       -         -         -         -        -       X
 *                 depth         X       -         -         -         -        -       X
 *                 destroy       X       X         X         X         X        X       X
 *
 * Lifetime      As hd_lock: the owner may destroy and free it as soon as its outermost release has
 *               returned.
 * Ordering      The outermost release happens before the next outermost acquire. Inner ones order
 *               nothing.
 * Fairness      As hd_lock.
 * Fork          The child may use one that nobody held, or that the forking thread held. One that
 *               another thread held stays held, maybe by a thread that the child creates later:
 *               initialise it anew.
 * Source        Semantics of Python's threading.RLock. An owner is known by the address of a
 *               thread-local variable; so a thread that ends while it holds the lock may leave it
 *               to a later thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_RLOCK_H
#define HEDDLE_RLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hd_rlock {
    uint32_t word;   /* atomic; the bits of struct hd_lock */
    uint32_t depth;  /* owner only: acquires not yet released; 0 when free */
    uintptr_t owner; /* atomic; written by the owner; 0 when free */
};

#define HD_RLOCK_INITIALIZER {0, 0, 0}

/*
 * Make `rlock` a free lock. HD_RLOCK_INITIALIZER does the same.
 *
 * Requires    Nobody uses *rlock.
 * Blocks      No.
 * Ordering    None; publish the lock to other threads by other means.
 */
void hd_rlock_init(struct hd_rlock *rlock);

/*
 * End the life of `rlock`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody holds, waits for or is calling into *rlock.
 * Blocks      No.
 * Ordering    None.
 */
void hd_rlock_destroy(struct hd_rlock *rlock);

/*
 * Take the lock once more, waiting for it as long as another thread holds it.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless the lock is free or the caller's own.
 * Returns     HD_OK        the caller holds the lock one level deeper.
 *             HD_OVERFLOW  the caller holds it UINT32_MAX times; nothing has changed.
 * Ordering    On the outermost HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rlock_acquire(struct hd_rlock *rlock);

/*
 * Take the lock once more if it is free or the caller's own.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK        the caller holds the lock one level deeper.
 *             HD_BUSY      another thread holds it; nothing has changed.
 *             HD_OVERFLOW  the caller holds it UINT32_MAX times; nothing has changed.
 * Ordering    On the outermost HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rlock_try_acquire(struct hd_rlock *rlock);

/*
 * Take the lock once more, waiting until `deadline_ns` while another thread holds it.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless the lock is free or the caller's own. HD_FOREVER waits without a
 *             deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK        the caller holds the lock one level deeper.
 *             HD_TIMEOUT   it did not become free in time; nothing has changed.
 *             HD_OVERFLOW  the caller holds it UINT32_MAX times; nothing has changed.
 * Ordering    On the outermost HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rlock_acquire_until(struct hd_rlock *rlock, uint64_t deadline_ns);

/*
 * Undo one acquire; the outermost one frees the lock and wakes one waiter, if there is any.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK         the caller holds the lock one level less.
 *             HD_NOT_OWNER  the caller does not hold it; nothing has changed.
 * Ordering    On the outermost HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_rlock_release(struct hd_rlock *rlock);

/*
 * Whether some thread holds the lock at this moment.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     True while the lock is held.
 * Ordering    None.
 */
bool hd_rlock_is_locked(const struct hd_rlock *rlock);

/*
 * Whether the calling thread holds the lock. No other thread can change the answer.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     True while the caller is the owner.
 * Ordering    None.
 */
bool hd_rlock_is_owned(const struct hd_rlock *rlock);

/*
 * How often the calling thread has acquired the lock and not released it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     The depth; 0 for a thread that is not the owner.
 * Ordering    None.
 */
uint32_t hd_rlock_depth(const struct hd_rlock *rlock);

#ifdef __cplusplus
}
#endif

#endif
