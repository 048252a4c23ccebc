/*
 * Traces of ck_pr, with our port and with CK's own: see ck_pr_trace_body.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_CK_PR_TRACE_H
#define HEDDLE_TESTS_REFERENCE_CK_PR_TRACE_H

#include <stddef.h>
#include <stdint.h>

/* Operations on each type, and the most entries that all of them make. */
enum { HD_CK_PR_TRACE_STEPS = 100000, HD_CK_PR_TRACE_SIZE = 10 * 2 * HD_CK_PR_TRACE_STEPS };

/* Fill `log` from the seed of the suite; the number of entries. */
size_t hd_ck_pr_port_trace(uint64_t *log);
size_t hd_ck_pr_native_trace(uint64_t *log);

#endif
