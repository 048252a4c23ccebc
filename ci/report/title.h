/*
 * Title: a finding in one line, as "data-race: lost_update: increment lost_update.c:31".
 *
 * Kind and class, program, and where: what patterns of a baseline are about, and what a reader of
 * one knows the finding by. fuzz/campaigns/finding.py makes the same of the same record.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_TITLE_H
#define HEDDLE_CI_REPORT_TITLE_H

#include <jansson.h>

/* The title of a finding, as a new JSON string. */
json_t *hdr_title(const json_t *finding);

#endif
