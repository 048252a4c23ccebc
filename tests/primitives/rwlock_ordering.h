/*
 * Ordering of a reader-writer lock: who sees what whom left behind. Part of rwlock_test.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_RWLOCK_ORDERING_H
#define HEDDLE_TESTS_PRIMITIVES_RWLOCK_ORDERING_H

#include <stddef.h>

#include "tests/primitives/support.h"

extern const struct CMUnitTest hd_rwlock_ordering[];
extern const size_t hd_rwlock_ordering_count;

#endif
