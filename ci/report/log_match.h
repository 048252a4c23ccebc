/*
 * Patterns: how the lines of a log are recognized, and taken apart.
 *
 *     struct hdr_capture captures[HDR_CAPTURES_MAX];
 *
 *     if (hdr_log_match(line, "  Mutex %s (%x) created at:", captures)) { ... captures[0] ... }
 *
 * %s is any text, also none, up to the first place where what follows it in the pattern is found,
 * or, if nothing but plain text follows, where the line ends with that; %d is a decimal number, and
 * %x an address with or without 0x. Everything else stands for itself. The whole line must fit.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_MATCH_H
#define HEDDLE_CI_REPORT_LOG_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#define HDR_CAPTURES_MAX 8

/* A piece of a line; the line is not its own. */
struct hdr_capture {
    const char *text;
    size_t length;
};

/* False if the line does not fit; captures are then of no use. */
bool hdr_log_match(const char *line,
                   const char *pattern,
                   struct hdr_capture captures[HDR_CAPTURES_MAX]);

/* A decimal number; SIZE_MAX if there is no room for it. */
size_t hdr_capture_number(struct hdr_capture capture);

bool hdr_capture_is(struct hdr_capture capture, const char *text);

/* The capture as a JSON string. */
json_t *hdr_capture_string(struct hdr_capture capture);

#endif
