/*
 * Timeline: for how long the threads of a finding held locks and waited.
 *
 * Time is the index of a step: step i begins at i and ends at i + 1. After the last step comes one
 * unit of time for what only was about to happen.
 *
 * What of it a thread does is a set of spans that nest: of two of the same thread, one lies within
 * the other, or they have no time in common. A lock that is given up before one that was acquired
 * later cuts the span of that one in two.
 *
 * When a thread waits for a lock: it stands before its next step from the moment of the step
 * before, so it waits from the first moment at which another thread holds the lock to the last.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_TIMELINE_H
#define HEDDLE_CI_REPORT_TIMELINE_H

#include <jansson.h>

/*
 * An array of spans, in no order: `thread` (id), `begin`, `end`, `kind` ("holds" or "waits for")
 * and `object` (its name). The caller's.
 */
json_t *hdr_timeline_spans(const json_t *finding);

/* When all is over. */
json_int_t hdr_timeline_end(const json_t *finding);

#endif
