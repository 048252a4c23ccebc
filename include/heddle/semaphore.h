/*
 * Semaphore: a count of free units; taking one waits until there is one.
 *
 *     static struct hd_semaphore slots = HD_SEMAPHORE_INITIALIZER(4);
 *
 *     hd_semaphore_acquire(&slots);
 *     use_one_slot();
 *     result = hd_semaphore_release(&slots, 1);
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  acquire*  release  value  destroy
 *                 init        X       X         X       X       X
 *                 acquire*    X       -         -       -       X
 *                 release     X       -         -       -       X
 *                 value       X       -         -       -       X
 *                 destroy     X       X         X       X       X
 *
 * Lifetime      Whoever took the last unit that anybody will release may destroy and free the
 *               semaphore at once: a release touches it no more once its units can be taken.
 * Ordering      A release happens before every acquire that takes a unit it returned.
 * Fairness      None: a running thread may take a unit before one that is being woken. No thread
 *               sleeps while there are more free units than threads on their way to them.
 * Fork          The child may use it; units that other threads hold never come back in the child.
 * Source        Count and waiters in one word: glibc's new_sem, bug 12674; semantics of Python's
 *               threading.Semaphore; departure: the count is bounded by HD_SEMAPHORE_MAX.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_SEMAPHORE_H
#define HEDDLE_SEMAPHORE_H

#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most units a semaphore counts. */
#define HD_SEMAPHORE_MAX UINT32_C(2147483647)

/*
 * Bits of `state`:
 *   0..30   free units.
 *   31      zero; reserved for a semaphore shared between processes.
 *   32..63  threads that sleep for a unit, or are about to sleep or have just been woken. Counts
 *           every sleeper; may count threads that sleep no more, but none that has left.
 */
struct hd_semaphore {
    uint64_t state; /* atomic; the kernel waits on its low half */
};

/* `units` is a constant from 0 to HD_SEMAPHORE_MAX. */
#define HD_SEMAPHORE_INITIALIZER(units) {(units)}

/*
 * Make `semaphore` a semaphore with `units` free units. HD_SEMAPHORE_INITIALIZER does the same.
 *
 * Requires    Nobody uses *semaphore.
 * Blocks      No.
 * Returns     HD_OK       it is ready.
 *             HD_INVALID  units is more than HD_SEMAPHORE_MAX; nothing has changed.
 * Ordering    None; publish the semaphore to other threads by other means.
 */
HD_MUST_CHECK enum hd_result hd_semaphore_init(struct hd_semaphore *semaphore, uint32_t units);

/*
 * End the life of `semaphore`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody waits for or is calling into *semaphore.
 * Blocks      No.
 * Ordering    None.
 */
void hd_semaphore_destroy(struct hd_semaphore *semaphore);

/*
 * Take one unit, waiting for it as long as it takes.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless a unit is free.
 * Ordering    Acquire: see "Ordering" above.
 */
void hd_semaphore_acquire(struct hd_semaphore *semaphore);

/*
 * Take one unit if one is free.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK    a unit is taken.
 *             HD_BUSY  none was free; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_BUSY, none.
 */
HD_MUST_CHECK enum hd_result hd_semaphore_try_acquire(struct hd_semaphore *semaphore);

/*
 * Take one unit, waiting for it until `deadline_ns`.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless a unit is free. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK       a unit is taken.
 *             HD_TIMEOUT  none became free in time; nothing has changed.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result hd_semaphore_acquire_until(struct hd_semaphore *semaphore,
                                                        uint64_t deadline_ns);

/*
 * Return `units` units and wake as many waiters. Any thread may do it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK        the units are free; 0 units change nothing and order nothing.
 *             HD_OVERFLOW  there would be more than HD_SEMAPHORE_MAX free; nothing has changed.
 * Ordering    On HD_OK, release: see "Ordering" above. On HD_OVERFLOW, none.
 */
HD_MUST_CHECK enum hd_result hd_semaphore_release(struct hd_semaphore *semaphore, uint32_t units);

/*
 * How many units are free at this moment. Other threads may change that before the caller reads it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     The number of free units.
 * Ordering    None.
 */
uint32_t hd_semaphore_value(const struct hd_semaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
