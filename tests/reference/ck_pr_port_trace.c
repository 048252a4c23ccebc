/*
 * The trace of ck_pr with our port.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include "tests/reference/ck_pr_trace_body.h"

size_t hd_ck_pr_port_trace(uint64_t *log) { return trace_all(log); }
