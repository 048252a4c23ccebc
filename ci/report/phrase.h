/*
 * Phrase: text of any length, composed with fprintf().
 *
 *     struct hdr_phrase phrase;
 *
 *     hdr_phrase_begin(&phrase);
 *     (void)fprintf(phrase.stream, "%s:%d", file, line);
 *     hdr_set(object, "where", hdr_phrase_end(&phrase));
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_PHRASE_H
#define HEDDLE_CI_REPORT_PHRASE_H

#include <stdio.h>

#include <jansson.h>

struct hdr_phrase {
    FILE *stream;
    char *text;
    size_t size;
};

/* Out of memory, here or while it is composed, stops the process. */
void hdr_phrase_begin(struct hdr_phrase *phrase);

/* What was composed, as a JSON string; the phrase ends. */
json_t *hdr_phrase_end(struct hdr_phrase *phrase);

/* All of it at once. */
json_t *hdr_phrase_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
