/*
 * Semaphore, inside the library: a release with a bound of its own, for the bounded semaphore.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_SEMAPHORE_H
#define HEDDLE_PRIMITIVES_SEMAPHORE_H

#include <stdint.h>

#include <heddle/semaphore.h>

/* hd_semaphore_release(), with HD_OVERFLOW if more than `bound` units would be free. */
enum hd_result
hd_semaphore_release_within(struct hd_semaphore *semaphore, uint32_t units, uint32_t bound);

#endif
