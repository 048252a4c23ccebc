/*
 * Clock: the time base of every deadline in this library.
 *
 *     uint64_t deadline_ns = hd_clock_after_ns(20 * HD_MILLISECOND_NS);
 *
 *     result = hd_lock_acquire_until(&lock, deadline_ns);
 *
 * Deadlines are absolute, so a wait that is interrupted and repeated still ends when it was meant
 * to. The clock is CLOCK_MONOTONIC: setting the wall clock neither hastens nor delays a deadline.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CLOCK_H
#define HEDDLE_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The deadline that never comes. */
#define HD_FOREVER UINT64_MAX

#define HD_MILLISECOND_NS UINT64_C(1000000)
#define HD_SECOND_NS UINT64_C(1000000000)

/*
 * The time now.
 *
 * Requires    Nothing.
 * Blocks      No.
 * Units       Nanoseconds of CLOCK_MONOTONIC.
 * Returns     The time; it never decreases.
 * Ordering    None.
 */
uint64_t hd_clock_ns(void);

/*
 * The deadline that lies `duration_ns` from now.
 *
 * Requires    Nothing.
 * Blocks      No.
 * Units       Nanoseconds of hd_clock_ns().
 * Returns     hd_clock_ns() + duration_ns, or HD_FOREVER where the sum does not fit.
 * Ordering    None.
 */
uint64_t hd_clock_after_ns(uint64_t duration_ns);

#ifdef __cplusplus
}
#endif

#endif
