/*
 * The parts of CK that count generations in pointers: ck_fifo and ck_stack.
 *
 * Beside a pointer that is swapped they keep a `char *` that only counts, from NULL on. Adding to NULL
 * is undefined, so UndefinedBehaviorSanitizer stops at every first count; it does no harm, and CK's
 * headers are not ours to mend. So the functions of these two headers, and no others, are compiled
 * without that one check.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_CK_GENERATION_H
#define HEDDLE_TESTS_REFERENCE_CK_GENERATION_H

#include "tests/reference/ck_pr_port.h"

#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif

#include <ck_fifo.h>
#include <ck_stack.h>

#ifdef __clang__
#pragma clang attribute pop
#endif

#endif
