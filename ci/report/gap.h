/*
 * Gap: a function that orders threads and that a runtime of ThreadSanitizer does not intercept, so
 * that it does not see the order.
 *
 * Which ones a runtime does intercept is in its own symbols: `__interceptor_<function>'. Nothing is
 * known by its version.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_GAP_H
#define HEDDLE_CI_REPORT_GAP_H

#include <stdbool.h>

#include "ci/report/binary.h"

struct hdr_gap {
    const char *function;
    const char *instead; /* what it does intercept */
};

/* All functions that may be one; the last has no name. */
extern const struct hdr_gap hdr_gaps[];

/* Whether calls of the function in this program go past the runtime. */
bool hdr_gap_is_in(const struct hdr_binary *binary, const struct hdr_gap *gap);

#endif
