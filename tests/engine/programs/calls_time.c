/*
 * Calls that sleep and read clocks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/programs/calls.h"

static const struct timespec shortly = {.tv_nsec = 3000000};
static const struct timespec invalid = {.tv_nsec = 1000000000};
static const struct timespec negative = {.tv_sec = -1};

static int64_t now_ns(clockid_t clock)
{
    struct timespec now = {0};

    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void note_status(struct call_log *log, int status)
{
    call_note(log, status);
    call_note(log, status == -1 ? errno : 0);
    errno = 0;
}

static void call_sleeps(struct call_log *log)
{
    int64_t before_ns = now_ns(CLOCK_MONOTONIC);
    int64_t before_real_ns = now_ns(CLOCK_REALTIME);

    note_status(log, nanosleep(&shortly, NULL));
    call_note(log, now_ns(CLOCK_MONOTONIC) - before_ns >= 3000000);
    note_status(log, nanosleep(&invalid, NULL));
    note_status(log, nanosleep(&negative, NULL));
    call_note(log, clock_nanosleep(CLOCK_MONOTONIC, 0, &shortly, NULL));
    call_note(log, clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &shortly, NULL));
    call_note(log, clock_nanosleep(CLOCK_MONOTONIC, 0, &invalid, NULL));
    call_note(log, clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &shortly, NULL));
    call_note(log, usleep(2000));
    call_note(log, (long)sleep(0)); /* NOLINT(concurrency-mt-unsafe): it is what is tested */
    call_note(log, thrd_sleep(&shortly, NULL));
    call_note(log, now_ns(CLOCK_MONOTONIC) - before_ns >= 11000000);
    call_note(log, now_ns(CLOCK_REALTIME) - before_real_ns >= 11000000);
}

static void call_clocks(struct call_log *log)
{
    struct timespec time_now = {0};
    struct timeval now = {0};
    time_t seconds = 0;

    note_status(log, clock_gettime(99, &time_now));
    note_status(log, clock_gettime(CLOCK_BOOTTIME, &time_now));
    call_note(log, time_now.tv_sec > 0);
    note_status(log, gettimeofday(&now, NULL));
    call_note(log, time(&seconds) == seconds);
    call_note(log, seconds - now.tv_sec <= 1);
    call_note(log, timespec_get(&time_now, TIME_UTC));
    call_note(log, timespec_get(&time_now, 0));
    call_note(log, time_now.tv_sec - seconds <= 1);
    call_note(log, now_ns(CLOCK_MONOTONIC) <= now_ns(CLOCK_MONOTONIC));
    call_note(log, clock() >= 0);
}

/* A loop that waits for a clock ends, even if nobody sleeps. */
static void call_polling(struct call_log *log)
{
    int64_t until_ns = now_ns(CLOCK_MONOTONIC) + 20000000;

    while (now_ns(CLOCK_MONOTONIC) < until_ns) {
    }
    call_note(log, 1);
}

const struct call_sequence call_time_sequences[] = {
    {"sleeps", call_sleeps},
    {"clocks", call_clocks},
    {"polling a clock", call_polling},
    {NULL, NULL},
};
