/*
 * Spin: the limit, computed at its first use from the cores that the main thread may run on.
 * Another thread may be bound to one core; that does not bind those it waits for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/spin.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Pauses on more than one core; some tens of nanoseconds each. Together they must outlast the
 * wake-up of a thread that sleeps, some microseconds: two threads that wake each other in turn
 * would else never find each other awake.
 */
#define PAUSES 200U

/* Set in `known_limit` once it is computed, so that a limit of 0 is not computed again. */
#define KNOWN (1U << 31)

static uint32_t known_limit; /* atomic; 0 until computed; the same value whoever computes it */

static uint32_t compute_limit(void)
{
    const int errno_before = errno;
    cpu_set_t cores;
    /* More cores than cpu_set_t has bits make the call fail: that is not one core. */
    int status = sched_getaffinity(getpid(), sizeof(cores), &cores);

    errno = errno_before;
    return status == 0 && CPU_COUNT(&cores) == 1 ? 0 : PAUSES;
}

uint32_t hd_spin_limit(void)
{
    uint32_t known = __atomic_load_n(&known_limit, __ATOMIC_RELAXED);

    if (known == 0) {
        known = KNOWN | compute_limit();
        __atomic_store_n(&known_limit, known, __ATOMIC_RELAXED);
    }
    return known & ~KNOWN;
}
