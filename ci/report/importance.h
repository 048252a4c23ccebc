/*
 * Importance: which of two findings to look at first. All formats that list findings, or have room
 * for some only, follow it.
 *
 * New ones come before known, suppressed and owed ones; what is credible before what is doubtful;
 * then they go by kind (kind.c), place and identity, so that the order is the same every time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_IMPORTANCE_H
#define HEDDLE_CI_REPORT_IMPORTANCE_H

#include <stdbool.h>

#include <jansson.h>

#include "ci/report/kind.h"

/* Below 0 if `a` is more important, above 0 if `b` is; 0 only if they are the same finding. */
int hdr_importance_compare(const json_t *a, const json_t *b);

/* Whether something is known that speaks against it (credibility.h), and nothing confirms it. */
bool hdr_importance_is_doubtful(const json_t *finding);

/* How bad a finding is: what its kind says; what is doubtful is a warning. */
enum hdr_level hdr_importance_level(const json_t *finding);

/* Whether somebody should do something about it: it is new or known, but not suppressed or owed. */
bool hdr_importance_is_open(const json_t *finding);

#endif
