/*
 * Markup: text that goes into HTML.
 *
 * All text of a record is hostile: a program may be named `</script>', and a sanitizer prints what
 * the program under test made it print. It gets into a page through these functions only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_MARKUP_H
#define HEDDLE_CI_REPORT_MARKUP_H

#include <stdio.h>

#include <jansson.h>

/* As the text of an element, or within the quotes of an attribute. */
void hdr_markup_text(FILE *stream, const char *text);

/* The same, of what lies before `end'. */
void hdr_markup_range(FILE *stream, const char *text, const char *end);

/* The same; what stands between ` and ', as messages quote names, becomes code. */
void hdr_markup_message(FILE *stream, const char *message);

/* Within an address, after its beginning: what is no part of a path is percent-encoded. */
void hdr_markup_path(FILE *stream, const char *path);

/* As the text of <script type="application/json">: ASCII, and without `<'. */
void hdr_markup_json(FILE *stream, const json_t *value);

/* With commas: 1,234,567. */
void hdr_markup_count(FILE *stream, json_int_t count);

/* With commas, and a noun: "1 finding", "2 findings". */
void hdr_markup_plural(FILE *stream, json_int_t count, const char *noun);

/* An identifier in words: "data-race" as "data race". */
void hdr_markup_words(FILE *stream, const char *identifier);

#endif
