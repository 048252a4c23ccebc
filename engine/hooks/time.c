/*
 * Sleeps and clocks, in virtual time.
 *
 * A sleep is an event whose end may come at once, since others may be arbitrarily slow; how long it
 * was only says which of two sleepers wakes first when nobody else can step. Reading a clock is no
 * scheduling point: what it shows follows from what was carried out before.
 *
 * Not modelled: timers, alarms, and the CPU time of other processes.
 *
 * Modelled   clock_gettime timespec_get gettimeofday time clock nanosleep clock_nanosleep usleep
 *            sleep thrd_sleep
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/time.h"

#include <errno.h>
#include <stddef.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/real.h"

/* 73 years: as good as for ever, and sums of two of them do not overflow. */
#define FAR_NS (UINT64_C(1) << 61)

bool hde_time_can_wait(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

bool hde_time_is_valid(const struct timespec *time)
{
    return time->tv_nsec >= 0 && (uint64_t)time->tv_nsec < HDE_TIME_SECOND_NS;
}

/* What a clock shows at the start of the execution; false if there is no such clock. */
static bool find_start(clockid_t clock, uint64_t *start_ns)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        *start_ns = HDE_TIME_REALTIME_NS;
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *start_ns = HDE_TIME_MONOTONIC_NS;
        return true;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *start_ns = 0;
        return true;
    default:
        return false;
    }
}

/* In nanoseconds; at most FAR_NS, and 0 if negative. */
static uint64_t to_ns(const struct timespec *time)
{
    if (time->tv_sec < 0) {
        return 0;
    }
    if ((uint64_t)time->tv_sec >= FAR_NS / HDE_TIME_SECOND_NS) {
        return FAR_NS;
    }
    return (uint64_t)time->tv_sec * HDE_TIME_SECOND_NS + (uint64_t)time->tv_nsec;
}

static struct timespec to_timespec(uint64_t time_ns)
{
    return (struct timespec){
        .tv_sec = (time_t)(time_ns / HDE_TIME_SECOND_NS),
        .tv_nsec = (long)(time_ns % HDE_TIME_SECOND_NS),
    };
}

uint64_t hde_time_deadline(clockid_t clock, const struct timespec *time)
{
    uint64_t start_ns = 0;
    uint64_t time_ns = to_ns(time);

    (void)find_start(clock, &start_ns); /* 0 is right for a clock without a start */
    if (time_ns == FAR_NS) {
        return HDE_FOREVER;
    }
    return time_ns < start_ns ? 0 : time_ns - start_ns;
}

uint64_t hde_time_after(const struct timespec *duration)
{
    uint64_t duration_ns = to_ns(duration);

    return duration_ns == FAR_NS ? HDE_FOREVER : hde_execution.now_ns + duration_ns;
}

/* ---- Clocks ---------------------------------------------------------------------------------- */

/* Read a clock that shows `start_ns` at the start. */
static uint64_t read_clock(uint64_t start_ns)
{
    hde_execution.now_ns += HDE_TIME_TICK_NS;
    hde_spin_write(0, 0); /* who reads a clock waits for a time that will come: it does not spin */
    return start_ns + hde_execution.now_ns;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    uint64_t start_ns = 0;

    if (hde_self == NULL) {
        return HDE_REAL(clock_gettime)(clock, now);
    }
    if (!find_start(clock, &start_ns)) {
        errno = EINVAL;
        return -1;
    }
    hde_access((uintptr_t)now, sizeof(*now), true, HDE_CALLER());
    *now = to_timespec(read_clock(start_ns));
    return 0;
}

int timespec_get(struct timespec *now, int base)
{
    if (hde_self == NULL) {
        return HDE_REAL(timespec_get)(now, base);
    }
    if (base != TIME_UTC) {
        return 0;
    }
    hde_access((uintptr_t)now, sizeof(*now), true, HDE_CALLER());
    *now = to_timespec(read_clock(HDE_TIME_REALTIME_NS));
    return base;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    if (hde_self == NULL) {
        return HDE_REAL(gettimeofday)(now, zone);
    }
    if (zone != NULL) {
        struct timezone *utc = zone;

        hde_access((uintptr_t)zone, sizeof(*utc), true, HDE_CALLER());
        *utc = (struct timezone){0};
    }
    struct timespec time = to_timespec(read_clock(HDE_TIME_REALTIME_NS));

    hde_access((uintptr_t)now, sizeof(*now), true, HDE_CALLER());
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result)
{
    if (hde_self == NULL) {
        return HDE_REAL(time)(result);
    }
    time_t now = to_timespec(read_clock(HDE_TIME_REALTIME_NS)).tv_sec;

    if (result != NULL) {
        hde_access((uintptr_t)result, sizeof(*result), true, HDE_CALLER());
        *result = now;
    }
    return now;
}

clock_t clock(void)
{
    if (hde_self == NULL) {
        return HDE_REAL(clock)();
    }
    return (clock_t)(read_clock(0) / (HDE_TIME_SECOND_NS / CLOCKS_PER_SEC));
}

/* ---- Sleeps ---------------------------------------------------------------------------------- */

/* Nobody sleeps for ever: that would be a wait that nothing ends, and no sleep is meant as one. */
static void sleep_until(uint64_t deadline_ns, uint32_t pc)
{
    const struct hde_event event = {.kind = HDE_EVENT_SLEEP, .pc = pc};

    hde_sleep(&event, deadline_ns < FAR_NS ? deadline_ns : FAR_NS);
}

static int sleep_by_clock(clockid_t clock, int flags, const struct timespec *time, uint32_t pc)
{
    uint64_t start_ns;

    if (!find_start(clock, &start_ns) || clock == CLOCK_THREAD_CPUTIME_ID ||
        !hde_time_is_valid(time)) {
        return EINVAL;
    }
    if ((flags & TIMER_ABSTIME) != 0) {
        sleep_until(hde_time_deadline(clock, time), pc);
        return 0;
    }
    if (time->tv_sec < 0) {
        return EINVAL;
    }
    sleep_until(hde_time_after(time), pc);
    return 0;
}

int nanosleep(const struct timespec *duration, struct timespec *rest)
{
    if (hde_self == NULL) {
        return HDE_REAL(nanosleep)(duration, rest);
    }
    int error = sleep_by_clock(CLOCK_REALTIME, 0, duration, HDE_CALLER());

    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest)
{
    if (hde_self == NULL) {
        return HDE_REAL(clock_nanosleep)(clock, flags, time, rest);
    }
    return sleep_by_clock(clock, flags, time, HDE_CALLER());
}

int usleep(useconds_t duration_us)
{
    if (hde_self == NULL) {
        return HDE_REAL(usleep)(duration_us);
    }
    sleep_until(hde_execution.now_ns + duration_us * UINT64_C(1000), HDE_CALLER());
    return 0;
}

unsigned sleep(unsigned duration_s)
{
    if (hde_self == NULL) {
        return HDE_REAL(sleep)(duration_s);
    }
    sleep_until(hde_execution.now_ns + duration_s * HDE_TIME_SECOND_NS, HDE_CALLER());
    return 0;
}

int thrd_sleep(const struct timespec *duration, struct timespec *rest)
{
    if (hde_self == NULL) {
        return HDE_REAL(thrd_sleep)(duration, rest);
    }
    return sleep_by_clock(CLOCK_REALTIME, 0, duration, HDE_CALLER()) == 0 ? 0 : -2;
}
