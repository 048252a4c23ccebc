/*
 * The trace of ck_pr with CK's own header.
 *
 * SPDX-License-Identifier: MIT
 */
/* Inline assembly, also for code checkers. */
#define CK_USE_CC_BUILTINS 0
#include <ck_pr.h>

#include "tests/reference/ck_pr_trace_body.h"

size_t hd_ck_pr_native_trace(uint64_t *log) { return trace_all(log); }
