/*
 * Lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_line.h"

#include <stdlib.h>
#include <string.h>

#include "ci/report/log_match.h"
#include "engine/fatal.h"

#define DIGITS "0123456789"
#define ESCAPE '\x1b'

void hdr_log_lines_begin(struct hdr_log_lines *lines, const char *bytes, size_t size)
{
    *lines = (struct hdr_log_lines){.at = bytes, .end = bytes + size};
}

void hdr_log_lines_release(struct hdr_log_lines *lines)
{
    free(lines->line);
    *lines = (struct hdr_log_lines){.line = NULL};
}

/* ECMA-48, 5.4: a control sequence ends with a byte from 0x40 to 0x7e. Returns its length. */
static size_t sequence_length(const char *at, const char *end)
{
    const char *start = at;

    at++;
    if (at == end || *at != '[') {
        return 1;
    }
    for (at++; at < end && (*at < 0x40 || *at > 0x7e); at++) {
    }
    return (size_t)(at - start) + (at < end ? 1 : 0);
}

static bool is_control(char character)
{
    return (character >= 0 && character < ' ' && character != '\t') || character == 0x7f;
}

/* Copy [at, end) without colours and the like. Other control characters become `?'. */
static void clean(char *line, const char *at, const char *end)
{
    size_t length = 0;

    while (at < end) {
        if (*at == ESCAPE) {
            at += sequence_length(at, end);
            continue;
        }

        line[length] = *at;
        if (is_control(*at)) {
            line[length] = '?';
        }
        length++;
        at++;
    }
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) {
        length--;
    }
    line[length] = '\0';
}

char *hdr_log_lines_next(struct hdr_log_lines *lines)
{
    if (lines->at == lines->end) {
        return NULL;
    }

    const char *start = lines->at;
    size_t size = (size_t)(lines->end - start);
    const char *newline = memchr(start, '\n', size);
    const char *end = newline == NULL ? lines->end : newline;

    lines->at = newline == NULL ? lines->end : newline + 1;
    lines->number++;
    while (end > start && end[-1] == '\r') {
        end--;
    }
    if ((size_t)(end - start) >= lines->capacity) {
        lines->capacity = 2 * (size_t)(end - start) + 256;
        free(lines->line);
        lines->line = malloc(lines->capacity);
        if (lines->line == NULL) {
            hde_fatal("no memory for a line of a log");
        }
    }
    clean(lines->line, start, end);
    return lines->line;
}

/* ---- What stands before a line --------------------------------------------------------------- */

void hdr_log_prefix_take(char prefix[HDR_PREFIX_SIZE], const char *line, size_t length)
{
    /* A path, or ==1234==, belongs to the report itself. */
    while (length > 0 && line[length - 1] != ' ') {
        length--;
    }
    length = length < HDR_PREFIX_SIZE ? length : 0;
    memcpy(prefix, line, length);
    prefix[length] = '\0';
}

/* Digits and blanks may stand for each other: numbers are filled up to a width. */
static bool is_alike(char a, char b)
{
    bool is_number = (a >= '0' && a <= '9') || a == ' ';
    bool is_other_number = (b >= '0' && b <= '9') || b == ' ';

    return a == b || (is_number && is_other_number);
}

const char *hdr_log_prefix_skip(const char prefix[HDR_PREFIX_SIZE], const char *line)
{
    size_t length = strlen(prefix);
    size_t same = 0;

    while (same < length && line[same] != '\0' && is_alike(line[same], prefix[same])) {
        same++;
    }
    /* An empty line lost the blanks at its end, and with them that of its prefix. */
    if (same < length && (line[same] != '\0' || same + 1 < length)) {
        return line;
    }

    bool is_blank = strspn(line, " ") >= length;

    return is_blank && strspn(prefix, " ") < length ? line : line + same;
}

const char *hdr_log_process(const char *line, size_t *process)
{
    for (const char *mark = strstr(line, "=="); mark != NULL; mark = strstr(mark + 1, "==")) {
        const char *number = mark + 2;

        /* With --time-stamp=yes a time stands before the process. */
        if (strspn(number, "0123456789:.") > 8 && number[2] == ':') {
            number += strspn(number, "0123456789:.");
            number += strspn(number, " ");
        }

        size_t digits = strspn(number, DIGITS);
        const char *behind = number + digits + 2;

        if (digits == 0 || strncmp(number + digits, "==", 2) != 0 ||
            (*behind != ' ' && *behind != '\0')) {
            continue;
        }
        *process = hdr_capture_number((struct hdr_capture){number, digits});
        return behind + (*behind == ' ' ? 1 : 0);
    }
    return NULL;
}
