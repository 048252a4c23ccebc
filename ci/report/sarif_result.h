/*
 * SARIF, results: one finding each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_SARIF_RESULT_H
#define HEDDLE_CI_REPORT_SARIF_RESULT_H

#include <jansson.h>

/* Without its rule and its code flows. */
json_t *hdr_sarif_result(const json_t *finding, const char *fingerprint);

#endif
