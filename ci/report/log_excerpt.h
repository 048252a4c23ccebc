/*
 * Excerpts for records of logs: the source around their places, as it is in the tree now.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_EXCERPT_H
#define HEDDLE_CI_REPORT_LOG_EXCERPT_H

#include <jansson.h>

struct hdr_log_settings;

/* Give the record its `excerpts', of files below the root. */
void hdr_log_quote(json_t *record, const struct hdr_log_settings *settings);

#endif
