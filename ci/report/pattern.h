/*
 * Pattern: a text with wild cards, as Python's fnmatch has them, so that a baseline means the same
 * to fuzz/campaign and to heddle.
 *
 *     *        any text, also none
 *     ?        one character
 *     [a-z_]   one of these; [!a-z_] one that is none of these
 *
 * There is no escape; `[*]' is an asterisk. A bracket that is not closed is a bracket.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_PATTERN_H
#define HEDDLE_CI_REPORT_PATTERN_H

#include <stdbool.h>

/* Whether a word has a wild card at all. */
bool hdr_pattern_is_one(const char *word);

/* Whether all of a text is as the pattern says. Both are UTF-8; a character is a code point. */
bool hdr_pattern_matches(const char *pattern, const char *text);

#endif
