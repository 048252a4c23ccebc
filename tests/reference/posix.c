/*
 * POSIX: see posix.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <heddle/clock.h>

#include "tests/reference/posix.h"

/* Later than any test, and early enough for every clock. */
#define FAR_FUTURE_NS (UINT64_C(1000000000) * 60 * 60 * 24 * 365 * 100)

static struct timespec to_timespec(uint64_t time_ns)
{
    const struct timespec time = {
        .tv_sec = (time_t)(time_ns / HD_SECOND_NS),
        .tv_nsec = (long)(time_ns % HD_SECOND_NS),
    };

    return time;
}

enum hd_result hd_posix_result(int error)
{
    switch (error) {
    case 0:
        return HD_OK;
    case EBUSY:
        return HD_BUSY;
    case ETIMEDOUT:
        return HD_TIMEOUT;
    case EPERM:
        return HD_NOT_OWNER;
    case EDEADLK:
        return HD_WOULD_DEADLOCK;
    case EOVERFLOW:
        return HD_OVERFLOW;
    default:
        (void)fprintf(stderr, "reference: POSIX returned error %d\n", error);
        abort();
    }
}

struct timespec hd_posix_monotonic(uint64_t deadline_ns)
{
    return to_timespec(deadline_ns < FAR_FUTURE_NS ? deadline_ns : FAR_FUTURE_NS);
}

struct timespec hd_posix_realtime(uint64_t deadline_ns)
{
    const uint64_t now_ns = hd_clock_ns();
    const uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    struct timespec real;

    if (clock_gettime(CLOCK_REALTIME, &real) != 0) {
        abort();
    }
    if (left_ns == 0) {
        real.tv_sec--; /* has passed, also if the clock has not moved since */
        return real;
    }
    return to_timespec((uint64_t)real.tv_sec * HD_SECOND_NS + (uint64_t)real.tv_nsec +
                       (left_ns < FAR_FUTURE_NS ? left_ns : FAR_FUTURE_NS));
}
