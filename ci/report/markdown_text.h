/*
 * Markdown text: text that may be anything, in the Markdown of GitHub and GitLab.
 *
 * Nothing in it is markup, a reference to a person, an issue or a change (`@name', `#12', `!3' and
 * the like), or changes the direction of writing; what cannot be shown is as in utf8.h.
 *
 * Source: GitHub Flavored Markdown, 2.4 (escapes), 4.5 (fences), 4.10 (tables), 6.1 (code).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_MARKDOWN_TEXT_H
#define HEDDLE_CI_REPORT_MARKDOWN_TEXT_H

#include <stdio.h>

#include <jansson.h>

/* Text within a line, in a table too; what is quoted `so' becomes code. */
void hdr_markdown_text(const char *text, FILE *file);

/* Code within a line, in a table too. */
void hdr_markdown_code(const char *text, FILE *file);

/* A block of text or of a language, as it is. */
void hdr_markdown_block(const char *language, const char *text, FILE *file);

/* A line of a file, which a reader can follow if it is in this tree; nothing if it is not known. */
void hdr_markdown_place(const char *file_name, json_int_t line, FILE *file);

#endif
