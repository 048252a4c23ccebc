/*
 * SARIF, code flows: the schedule of a finding.
 *
 * There are two, as viewers show the first flow of the first one only: one with all threads in the
 * order of the schedule, and one with a flow for each thread, whose steps say their place in that
 * order (`executionOrder').
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_SARIF_FLOW_H
#define HEDDLE_CI_REPORT_SARIF_FLOW_H

#include <stddef.h>

#include <jansson.h>

/*
 * The code flows of a finding with at most `budget` steps in all; what has no room is counted in
 * `left_out`: the earliest that have no part in the finding go first. NULL if there is no schedule.
 */
json_t *hdr_sarif_flows(const json_t *finding, size_t budget, size_t *left_out);

#endif
