/*
 * Bounded semaphore: a semaphore whose count never exceeds its initial value.
 *
 *     static struct hd_bounded_semaphore slots = HD_BOUNDED_SEMAPHORE_INITIALIZER(4);
 *
 *     if (hd_bounded_semaphore_acquire_until(&slots, deadline_ns) == HD_OK) {
 *         use_one_slot();
 *         result = hd_bounded_semaphore_release(&slots, 1);
 *     }
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
 * Lifetime, Ordering, Fairness, Fork   As struct hd_semaphore.
 * Source        Semantics of Python's threading.BoundedSemaphore.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_BOUNDED_SEMAPHORE_H
#define HEDDLE_BOUNDED_SEMAPHORE_H

#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>
#include <heddle/semaphore.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hd_bounded_semaphore {
    struct hd_semaphore semaphore;
    uint32_t bound; /* constant after init: the most units that are ever free */
};

/* `units` is a constant from 0 to HD_SEMAPHORE_MAX. */
#define HD_BOUNDED_SEMAPHORE_INITIALIZER(units) {HD_SEMAPHORE_INITIALIZER(units), (units)}

/*
 * Make `bounded` a semaphore with `units` free units and no more ever.
 *
 * Requires    Nobody uses *bounded.
 * Blocks      No.
 * Returns     HD_OK       it is ready.
 *             HD_INVALID  units is more than HD_SEMAPHORE_MAX; nothing has changed.
 * Ordering    None; publish the semaphore to other threads by other means.
 */
HD_MUST_CHECK enum hd_result hd_bounded_semaphore_init(struct hd_bounded_semaphore *bounded,
                                                       uint32_t units);

/*
 * End the life of `bounded`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody waits for or is calling into *bounded.
 * Blocks      No.
 * Ordering    None.
 */
void hd_bounded_semaphore_destroy(struct hd_bounded_semaphore *bounded);

/*
 * Take one unit, waiting for it as long as it takes.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless a unit is free.
 * Ordering    Acquire: a release happens before the acquire that takes its unit.
 */
void hd_bounded_semaphore_acquire(struct hd_bounded_semaphore *bounded);

/*
 * Take one unit if one is free.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK    a unit is taken.
 *             HD_BUSY  none was free; nothing has changed.
 * Ordering    On HD_OK, acquire. On HD_BUSY, none.
 */
HD_MUST_CHECK enum hd_result hd_bounded_semaphore_try_acquire(struct hd_bounded_semaphore *bounded);

/*
 * Take one unit, waiting for it until `deadline_ns`.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless a unit is free. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             try.
 * Returns     HD_OK       a unit is taken.
 *             HD_TIMEOUT  none became free in time; nothing has changed.
 * Ordering    On HD_OK, acquire. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result
hd_bounded_semaphore_acquire_until(struct hd_bounded_semaphore *bounded, uint64_t deadline_ns);

/*
 * Return `units` units and wake as many waiters. Any thread may do it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK        the units are free; 0 units change nothing and order nothing.
 *             HD_OVERFLOW  more would be free than at init; nothing has changed.
 * Ordering    On HD_OK, release. On HD_OVERFLOW, none.
 */
HD_MUST_CHECK enum hd_result hd_bounded_semaphore_release(struct hd_bounded_semaphore *bounded,
                                                          uint32_t units);

/*
 * How many units are free at this moment. Other threads may change that before the caller reads it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     The number of free units.
 * Ordering    None.
 */
uint32_t hd_bounded_semaphore_value(const struct hd_bounded_semaphore *bounded);

#ifdef __cplusplus
}
#endif

#endif
