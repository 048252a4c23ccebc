/*
 * Importance: which of two findings to look at first. All formats that list findings, or have room
 * for some only, follow it.
 *
 * New ones come before known, suppressed and owed ones; then they go by kind (kind.c), place and
 * identity, so that the order is the same every time.
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

/* How bad a finding is: what its kind says. */
enum hdr_level hdr_importance_level(const json_t *finding);

/* Whether somebody should do something about it: it is new or known, but not suppressed or owed. */
bool hdr_importance_is_open(const json_t *finding);

#endif
