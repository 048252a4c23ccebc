/*
 * POSIX: its error numbers as results, and our deadlines on its clocks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_POSIX_H
#define HEDDLE_TESTS_REFERENCE_POSIX_H

#include <stdint.h>
#include <time.h>

#include <heddle/result.h>

/* The result that says the same. An error that no correct use can meet ends the process. */
enum hd_result hd_posix_result(int error);

/* `deadline_ns` on CLOCK_MONOTONIC. */
struct timespec hd_posix_monotonic(uint64_t deadline_ns);

/*
 * `deadline_ns` on CLOCK_REALTIME, which the timed calls on mutexes, rwlocks and semaphores take;
 * the ones that take a clock are unknown to the ThreadSanitizer of clang 14.
 */
struct timespec hd_posix_realtime(uint64_t deadline_ns);

#endif
