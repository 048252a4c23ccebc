/*
 * Reentrant lock, inside the library: release it at all levels, for a condition's wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_RLOCK_H
#define HEDDLE_PRIMITIVES_RLOCK_H

#include <stdint.h>

#include <heddle/rlock.h>

/* Free the lock, which the caller owns. Returns its depth. */
uint32_t hd_rlock_release_all(struct hd_rlock *rlock);

/* Take the lock, which the caller does not own, as long as it takes, to `depth`. */
void hd_rlock_acquire_depth(struct hd_rlock *rlock, uint32_t depth);

#endif
