/*
 * Stage: two threads that meet at marked points, so that a race happens in every run.
 *
 * Each program here shows one race inside Concurrency Kit, which ThreadSanitizer must report. It
 * ends in hd_stage_run() with its two threads; known_races_test.c runs it and requires the report.
 *
 * Points are reached and awaited with relaxed accesses: an order between the threads would hide the
 * race. CK's headers have no place to stop at, so a program may put its own function in the place
 * of one that they call, with a macro between ck_pr_port.h and the CK header. Nothing else does
 * that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_KNOWN_RACES_STAGE_H
#define HEDDLE_TESTS_REFERENCE_KNOWN_RACES_STAGE_H

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A program that still runs after this long hangs, and is ended by a signal. */
enum { HD_STAGE_LIMIT_S = 60 };

/* What one of the two threads does. */
typedef void hd_stage_thread(void);

static uint32_t hd_stage_point; /* atomic: the last point reached; 0 at first */

/* Say that `point` is reached. */
static inline void hd_stage_reach(uint32_t point)
{
    __atomic_store_n(&hd_stage_point, point, __ATOMIC_RELAXED);
}

/* Wait until `point` is reached. */
static inline void hd_stage_await(uint32_t point)
{
    while (__atomic_load_n(&hd_stage_point, __ATOMIC_RELAXED) < point) {
        (void)sched_yield();
    }
}

static inline void *hd_stage_enter(void *argument)
{
    (*(hd_stage_thread *const *)argument)();
    return NULL;
}

/*
 * Run both threads. `functions` are those that the report must name, separated by blanks. Returns
 * the exit code of a program without a report: 0.
 */
static inline int
hd_stage_run(const char *functions, hd_stage_thread *first, hd_stage_thread *second)
{
    hd_stage_thread *roles[2] = {first, second};
    pthread_t threads[2];

    (void)printf("functions: %s\n", functions);
    (void)fflush(stdout);
    (void)alarm(HD_STAGE_LIMIT_S);
    for (unsigned thread = 0; thread < 2; thread++) {
        if (pthread_create(&threads[thread], NULL, hd_stage_enter, (void *)&roles[thread]) != 0) {
            abort();
        }
    }
    for (unsigned thread = 0; thread < 2; thread++) {
        if (pthread_join(threads[thread], NULL) != 0) {
            abort();
        }
    }
    return 0;
}

#endif
