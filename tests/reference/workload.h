/*
 * Workload: threads that use one object together and check what must always hold.
 *
 *     hd_workload_run(adapter->name, 2, increment, &shared);
 *
 *     static void increment(void *argument, unsigned self)
 *     {
 *         ...
 *         hd_workload_expect(shared->first == shared->second, "a torn counter");
 *     }
 *
 * A check that fails in a thread fails the test once all threads have ended. Threads that have not
 * ended in time fail it at once, and end the process: there is no other way to get rid of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_WORKLOAD_H
#define HEDDLE_TESTS_REFERENCE_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/result.h>

/* What each thread runs; `self` counts from 0. */
typedef void hd_workload_function(void *argument, unsigned self);

/*
 * Run `threads` threads on `argument` from a common start to the end of the last; cmocka tests
 * only.
 */
void hd_workload_run(const char *implementation,
                     unsigned threads,
                     hd_workload_function *function,
                     void *argument);

/*
 * In any thread: what must hold, and what is wrong if it does not. The first such failure is kept.
 */
void hd_workload_expect(bool holds, const char *what_is_wrong);

/* In any thread: the call succeeded. */
void hd_workload_expect_ok(enum hd_result result, const char *call);

/*
 * How many of `rounds` an implementation with the mask `can` takes part in. One that spins in turn
 * waits for whoever is next to get a processor, each time: on a busy machine that is a time slice.
 */
unsigned hd_workload_rounds(unsigned can, unsigned rounds);

/* A deadline that only a bug lets pass. */
uint64_t hd_workload_deadline_ns(void);

/* In a loop that waits for another thread: let it run. */
void hd_workload_yield(void);

/* Now and then let time pass: so that other threads meet the caller where it is. */
void hd_workload_linger(uint64_t *random);

#endif
