/*
 * Progress: written to stderr, over the line before.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS UINT64_C(1000000000)
#define BETWEEN_NS (SECOND_NS / 4)

uint64_t hde_progress_now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* How long it will still take at this pace; 0 if nobody knows. */
static double
seconds_left(const struct hde_progress *progress, const struct hde_tally *tally, uint64_t now_ns)
{
    double left = 0;

    if (progress->until_ns > now_ns) {
        left = (double)(progress->until_ns - now_ns) / (double)SECOND_NS;
    }
    if (progress->executions_max != UINT64_MAX && tally->executions > 0) {
        double elapsed = (double)(now_ns - progress->began_ns) / (double)SECOND_NS;
        double rest = (double)(progress->executions_max - tally->executions);
        double by_count = elapsed * rest / (double)tally->executions;

        left = left == 0 || by_count < left ? by_count : left;
    }
    return left;
}

void hde_progress_show(struct hde_progress *progress,
                       const struct hde_tally *tally,
                       size_t findings)
{
    uint64_t now_ns = hde_progress_now_ns();

    if (now_ns - progress->shown_ns < BETWEEN_NS || isatty(STDERR_FILENO) == 0) {
        return;
    }
    double elapsed = (double)(now_ns - progress->began_ns) / (double)SECOND_NS;

    (void)fprintf(stderr, "\r\033[K%s: %llu executions, %.0f/s, %zu findings, %.0f s left",
                  progress->program, (unsigned long long)tally->executions,
                  (double)tally->executions / elapsed, findings,
                  seconds_left(progress, tally, now_ns));
    (void)fflush(stderr);
    progress->shown_ns = now_ns;
    progress->is_shown = true;
}

void hde_progress_hide(struct hde_progress *progress)
{
    if (progress->is_shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        progress->is_shown = false;
    }
}
