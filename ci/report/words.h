/*
 * Words: a line split as a shell splits it, as Python's shlex.split() does.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_WORDS_H
#define HEDDLE_CI_REPORT_WORDS_H

#include <jansson.h>

/* What words are apart by. */
#define HDR_BLANKS " \t\r"

/* Append the words of a line to an array. Returns NULL, or what is wrong with its quotes. */
const char *hdr_words_split(json_t *words, const char *line);

#endif
