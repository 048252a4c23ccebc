/*
 * Code line: shortening by what stands in the line, breaking at blanks, commas and parentheses.
 *
 * A line is looked at alone: that it is within a comment of several lines is not seen.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/code_line.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- Text ----------------------------------------------------------------------------------- */

/* All bytes of a character but its first. */
static bool is_continuation(char c) { return ((unsigned char)c & 0xC0U) == 0x80U; }

static bool is_control(char c) { return (unsigned char)c < ' ' || c == '\x7f'; }

/* Control characters of a text of so many bytes become blanks. */
static void clean(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_control(text[i])) {
            text[i] = ' ';
        }
    }
}

void hdr_text_print(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        (void)fputc(is_control(*text) ? ' ' : *text, file);
    }
}

size_t hdr_text_width(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++) {
        width += !is_continuation(*text);
    }
    return width;
}

size_t hdr_text_bytes(const char *text, size_t width)
{
    size_t bytes = 0;

    while (text[bytes] != '\0' && (width > 0 || is_continuation(text[bytes]))) {
        width -= !is_continuation(text[bytes]);
        bytes++;
    }
    return bytes;
}

/* The bytes of the whole characters of `text` that there is room for in `size` bytes. */
static size_t fit(const char *text, size_t size)
{
    size_t length = strlen(text);

    if (length > size) {
        length = size;
        while (length > 0 && is_continuation(text[length])) {
            length--;
        }
    }
    return length;
}

void hdr_line_add(struct hdr_line *line, const char *text)
{
    size_t length = strlen(line->text);
    size_t room = sizeof(line->text) - length;

    (void)snprintf(line->text + length, room, "%.*s", (int)fit(text, room - 1), text);
    clean(line->text + length, strlen(line->text + length));
}

void hdr_line_add_blanks(struct hdr_line *line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hdr_line_add(line, " ");
    }
}

void hdr_line_add_right(struct hdr_line *line, const char *text, size_t columns)
{
    size_t width = hdr_text_width(text);

    hdr_line_add_blanks(line, width < columns ? columns - width : 0);
    hdr_line_add(line, text);
}

/* ---- Shortening ----------------------------------------------------------------------------- */

/* Whether a comment that goes on to the end of the line begins at `text`. */
static bool begins_comment(const char *text)
{
    const char *end = strncmp(text, "/*", 2) == 0 ? strstr(text + 2, "*/") : NULL;

    return strncmp(text, "//", 2) == 0 ||
           (strncmp(text, "/*", 2) == 0 && (end == NULL || end[2] == '\0'));
}

/* The length of a line without the comment that ends it. */
static size_t find_comment(const char *text)
{
    bool is_quoted = false;
    size_t i = 0;

    while (text[i] != '\0' && (is_quoted || !begins_comment(text + i))) {
        if (text[i] == '"') {
            is_quoted = !is_quoted;
        }
        i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
    }
    return i;
}

/* A function that is all on one line is shown as what it does. */
static const char *skip_head(const char *text, const char *function)
{
    const char *name = strstr(text, function);
    const char *body = strstr(text, ") {");

    if (name == NULL || body == NULL || body < name || name[strlen(function)] != '(' ||
        name == text || strchr(body, '}') == NULL) {
        return text;
    }
    return body + 3 + strspn(body + 3, " ");
}

void hdr_code_shorten(char shortened[HDR_CODE_SIZE], const char *code, const char *function)
{
    size_t length;

    code = skip_head(code, function);
    if (strncmp(code, "(void)", 6) == 0) {
        code += 6;
    }
    length = find_comment(code);
    length = length < HDR_CODE_SIZE ? length : fit(code, HDR_CODE_SIZE - 1);
    while (length > 0 && strchr(" {}", code[length - 1]) != NULL) {
        length--;
    }
    memcpy(shortened, code, length);
    clean(shortened, length);
    shortened[length] = '\0';
}

/* ---- Breaking ------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return c == '_' || isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Where to break `code` so that what comes before it is at most `width` wide. */
static size_t find_break(const char *code, size_t width)
{
    size_t most = hdr_text_bytes(code, width);

    for (size_t i = most; i > most / 3; i--) {
        if (code[i] == ' ' || code[i - 1] == ',' || code[i - 1] == '(') {
            return i;
        }
    }
    for (size_t i = most; i > most / 3; i--) {
        if (!is_word(code[i - 1]) && is_word(code[i])) {
            return i;
        }
    }
    return most;
}

void hdr_code_wrap(const char *code, size_t width, struct hdr_line lines[HDR_CODE_LINES])
{
    for (unsigned i = 0; i < HDR_CODE_LINES; i++) {
        size_t indent = i == 0 ? 0 : 2;
        size_t room = width - indent;
        bool fits = hdr_text_width(code) <= room;
        bool is_cut = !fits && i + 1 == HDR_CODE_LINES;
        size_t bytes = fits     ? strlen(code)
                       : is_cut ? hdr_text_bytes(code, room - 2)
                                : find_break(code, room);
        char part[HDR_CODE_SIZE];

        lines[i].text[0] = '\0';
        if (bytes > 0) {
            (void)snprintf(part, sizeof(part), "%.*s", (int)bytes, code);
            hdr_line_add_blanks(&lines[i], indent);
            hdr_line_add(&lines[i], part);
            hdr_line_add(&lines[i], is_cut ? ".." : "");
        }
        code += bytes;
        code += strspn(code, " ");
    }
}
