/*
 * Spin: the limit, computed at its first use from the cores that the process may run on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/spin.h"

#include <sched.h>
#include <stddef.h>

/* Looks on more than one core; with the pause between them about a microsecond. */
#define LOOKS 100U

/* Set in `known_limit` once it is computed, so that a limit of 0 is not computed again. */
#define KNOWN (1U << 31)

static uint32_t known_limit; /* atomic; 0 until computed; the same value whoever computes it */

uint32_t hd_spin_limit(void)
{
    uint32_t known = __atomic_load_n(&known_limit, __ATOMIC_RELAXED);

    if (known == 0) {
        cpu_set_t cores;
        int status = sched_getaffinity(0, sizeof(cores), &cores);
        /* More cores than cpu_set_t has bits make the call fail: that is not one core. */
        uint32_t looks = status == 0 && CPU_COUNT(&cores) == 1 ? 0 : LOOKS;

        known = KNOWN | looks;
        __atomic_store_n(&known_limit, known, __ATOMIC_RELAXED);
    }
    return known & ~KNOWN;
}
