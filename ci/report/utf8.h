/*
 * UTF-8: characters of text that may be anything. RFC 3629, section 4.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_UTF8_H
#define HEDDLE_CI_REPORT_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HDR_REPLACEMENT 0xfffdU /* what stands for a byte that is no part of a character */

/* How many bytes the character at `text' has, 0 if it is none. */
size_t hdr_utf8_length(const char *text);

/*
 * The character at `text', and how many bytes it takes, at least one: a byte that is part of none
 * is HDR_REPLACEMENT.
 */
uint32_t hdr_utf8_next(const char *text, size_t *bytes);

/*
 * What to show for a character in text that others read: a control character has a picture (U+2400
 * and on), but for the end of a line and a tab; what is none for others is HDR_REPLACEMENT.
 */
uint32_t hdr_utf8_shown(uint32_t character);

void hdr_utf8_print(uint32_t character, FILE *file);

#endif
