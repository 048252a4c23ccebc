/*
 * Markdown text: character by character.
 *
 * In a table, `|' ends a cell even within code unless it is escaped, and elsewhere the escape would
 * be shown: so code within a line has U+2502 instead, which looks the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/markdown_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/markup.h"
#include "ci/report/utf8.h"

#define BAR 0x2502U

/* Marks, embeddings and isolates of Unicode's bidirectional algorithm. */
static bool is_of_direction(uint32_t character)
{
    return character == 0x200e || character == 0x200f || character == 0x061c ||
           (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069);
}

static uint32_t shown(uint32_t character)
{
    return is_of_direction(character) ? HDR_REPLACEMENT : hdr_utf8_shown(character);
}

static bool is_blank(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r';
}

/* Whether what begins at `at' is a reference, an emoji, or an address that becomes a link. */
static bool is_reference(const char *at)
{
    size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_+-");
    bool is_name = isalnum((unsigned char)at[1]) || (unsigned char)at[1] >= 0x80 || at[1] == '"';

    return *at == ':' ? (length > 0 && at[length + 1] == ':') || strncmp(at, "://", 3) == 0
                      : is_name && strchr("@#!~%$&", *at) != NULL;
}

/* A comment of nothing parts what would be a reference. */
static void print_character(const char *at, uint32_t character, FILE *file)
{
    if (is_blank(character)) {
        (void)fputc(' ', file);
    } else if (character < 0x80 && strchr("\\`*_[]<>&|~$", (int)character) != NULL) {
        (void)fprintf(file, "\\%c", (int)character);
    } else {
        hdr_utf8_print(shown(character), file);
    }
    if (is_reference(at)) {
        (void)fputs("<!-- -->", file);
    }
}

static void print_range(const char *text, const char *end, FILE *file)
{
    size_t bytes;

    for (; text < end; text += bytes) {
        uint32_t character = hdr_utf8_next(text, &bytes);

        print_character(text, character, file);
    }
}

/* The longest run of backticks. */
static size_t longest_run(const char *text, const char *end)
{
    size_t longest = 0;
    size_t run = 0;

    for (; text < end; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void print_backticks(size_t count, FILE *file)
{
    for (size_t i = 0; i < count; i++) {
        (void)fputc('`', file);
    }
}

static void print_code(const char *text, const char *end, FILE *file)
{
    size_t ticks = longest_run(text, end) + 1;
    bool is_padded = text < end && (text[0] == '`' || end[-1] == '`' || text[0] == ' ');
    size_t bytes;

    if (text == end) {
        return;
    }
    print_backticks(ticks, file);
    (void)fputs(is_padded ? " " : "", file);
    for (; text < end; text += bytes) {
        uint32_t character = hdr_utf8_next(text, &bytes);

        hdr_utf8_print(is_blank(character) ? ' ' : character == '|' ? BAR : shown(character), file);
    }
    (void)fputs(is_padded ? " " : "", file);
    print_backticks(ticks, file);
}

void hdr_markdown_code(const char *text, FILE *file)
{
    print_code(text, text + strlen(text), file);
}

void hdr_markdown_text(const char *text, FILE *file)
{
    for (;;) {
        const char *begin = strchr(text, '`');
        const char *end = begin == NULL ? NULL : strchr(begin, '\'');

        if (end == NULL) {
            print_range(text, text + strlen(text), file);
            return;
        }
        print_range(text, begin, file);
        print_code(begin + 1, end, file);
        text = end + 1;
        /* What else would be one run of backticks, and end neither, is parted by nothing. */
        (void)fputs(*text == '`' ? "<!-- -->" : "", file);
    }
}

void hdr_markdown_block(const char *language, const char *text, FILE *file)
{
    size_t ticks = longest_run(text, text + strlen(text)) + 1;
    size_t bytes;
    char last = '\n';

    ticks = ticks < 3 ? 3 : ticks;
    print_backticks(ticks, file);
    (void)fprintf(file, "%s\n", language);
    for (; *text != '\0'; text += bytes) {
        uint32_t character = hdr_utf8_next(text, &bytes);

        hdr_utf8_print(character == '\r' ? ' ' : shown(character), file);
        last = *text;
    }
    (void)fputs(last == '\n' ? "" : "\n", file);
    print_backticks(ticks, file);
    (void)fputc('\n', file);
}

static bool is_in_tree(const char *name)
{
    return name[0] != '/' && name[0] != '<' && strncmp(name, "../", 3) != 0;
}

void hdr_markdown_place(const char *file_name, json_int_t line, FILE *file)
{
    char *shown_name = NULL;

    if (file_name[0] == '\0' || asprintf(&shown_name, "%s:%lld", file_name, (long long)line) < 0) {
        return;
    }
    if (is_in_tree(file_name)) {
        (void)fputc('[', file);
    }
    hdr_markdown_code(shown_name, file);
    if (is_in_tree(file_name)) {
        (void)fputs("](", file);
        hdr_markup_path(file, file_name);
        (void)fprintf(file, "#L%lld)", (long long)line);
    }
    free(shown_name);
}
