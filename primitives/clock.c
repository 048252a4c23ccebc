/*
 * Clock: CLOCK_MONOTONIC as one number.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>

#include <errno.h>
#include <time.h>

#include "primitives/fatal.h"

uint64_t hd_clock_ns(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        hd_fatal("clock_gettime", errno);
    }
    return (uint64_t)now.tv_sec * HD_SECOND_NS + (uint64_t)now.tv_nsec;
}

uint64_t hd_clock_after_ns(uint64_t duration_ns)
{
    uint64_t now_ns = hd_clock_ns();

    return duration_ns > HD_FOREVER - now_ns ? HD_FOREVER : now_ns + duration_ns;
}
