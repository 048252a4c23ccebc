/*
 * Excerpt: the source that a record brings along.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_EXCERPT_H
#define HEDDLE_CI_REPORT_EXCERPT_H

#include <jansson.h>

/* The excerpt that has this line; NULL if none has. */
const json_t *hdr_excerpt_of(const json_t *finding, const char *file, json_int_t line);

/* A line as it stands in the source; NULL if it is not known. */
const char *hdr_excerpt_line(const json_t *finding, const char *file, json_int_t line);

#endif
