/*
 * Words: a report of a log in sentences, and the sanitizer's own text without what differs from
 * run to run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_WORDS_H
#define HEDDLE_CI_REPORT_LOG_WORDS_H

#include <jansson.h>

/*
 * The text with `?' for addresses and process ids, and without `root' before paths. Offsets in a
 * module stay.
 */
json_t *hdr_log_steady(const char *text, const char *root);

/* Give each place of a record that has none its text, and the record its message. */
void hdr_log_word(json_t *record);

#endif
