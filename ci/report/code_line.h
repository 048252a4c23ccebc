/*
 * Code line: a line of source made as short as a reader can bear, and broken to fit a column.
 *
 * Widths are in characters: all bytes of a character in UTF-8 count as one. Characters that a
 * terminal shows twice as wide, or on top of another, count as one too.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_CODE_LINE_H
#define HEDDLE_CI_REPORT_CODE_LINE_H

#include <stddef.h>
#include <stdio.h>

#define HDR_COLUMNS_MAX 100U                      /* of a line of text, in characters */
#define HDR_LINE_SIZE (4U * HDR_COLUMNS_MAX + 1U) /* in bytes */
#define HDR_CODE_LINES 3U                         /* that a line of source is broken into */
#define HDR_CODE_SIZE 512U                        /* of a shortened one, in bytes */

/*
 * A line of text. What is added has blanks for its control characters; what has no room is left
 * away, and never a part of a character.
 */
struct hdr_line {
    char text[HDR_LINE_SIZE];
};

size_t hdr_text_width(const char *text);

/* How many bytes the first `width` characters of `text` have. */
size_t hdr_text_bytes(const char *text, size_t width);

/* Text as part of a line, whatever it is: with blanks for its control characters. */
void hdr_text_print(const char *text, FILE *file);

void hdr_line_add(struct hdr_line *line, const char *text);
void hdr_line_add_blanks(struct hdr_line *line, size_t count);

/* `text` at the right end of so many columns. */
void hdr_line_add_right(struct hdr_line *line, const char *text, size_t columns);

/*
 * `code`, a line of `function`, without its comment, the brace at its end and a "(void)" before it;
 * of a function that is all on one line, what it does.
 */
void hdr_code_shorten(char shortened[HDR_CODE_SIZE], const char *code, const char *function);

/* `code` in lines of `width` characters, broken where a reader would; the last may be empty. */
void hdr_code_wrap(const char *code, size_t width, struct hdr_line lines[HDR_CODE_LINES]);

#endif
