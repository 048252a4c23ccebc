/*
 * SARIF, rules: what is said once of all results of a kind.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_SARIF_RULE_H
#define HEDDLE_CI_REPORT_SARIF_RULE_H

#include <stddef.h>

#include <jansson.h>

/* The index in `rules`, an array, of the rule that a finding breaks; it is added if it is new. */
size_t hdr_sarif_rule(json_t *rules, const json_t *finding);

/* "error", "warning" */
const char *hdr_sarif_level(const json_t *finding);

#endif
