/*
 * Identity: which thread is running, as a number that costs an instruction (a call, where the
 * library is part of a shared object).
 *
 * It is the address of a thread-local variable: unique among threads that exist, never 0, the same
 * in the child of a fork, and used again once a thread has ended.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_IDENTITY_H
#define HEDDLE_PRIMITIVES_IDENTITY_H

#include <stdint.h>

extern _Thread_local char hd_identity_anchor;

static inline uintptr_t hd_identity_self(void) { return (uintptr_t)&hd_identity_anchor; }

#endif
