/*
 * Scan: pieces of text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/scan.h"

#include <string.h>

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

void hde_scan_skip_blanks(struct hde_scan *scan)
{
    while (scan->at < scan->end && is_blank(*scan->at)) {
        scan->at++;
    }
}

struct hde_scan hde_scan_line(struct hde_scan *scan)
{
    struct hde_scan line = *scan;

    while (scan->at < scan->end && *scan->at != '\n') {
        scan->at++;
    }
    line.end = scan->at;
    scan->at += scan->at < scan->end;
    hde_scan_skip_blanks(&line);
    while (line.at < line.end && is_blank(line.end[-1])) {
        line.end--;
    }
    return line;
}

struct hde_scan hde_scan_word(struct hde_scan *scan)
{
    hde_scan_skip_blanks(scan);
    struct hde_scan word = *scan;

    while (scan->at < scan->end && !is_blank(*scan->at)) {
        scan->at++;
    }
    word.end = scan->at;
    return word;
}

bool hde_scan_is(const struct hde_scan *piece, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(piece->end - piece->at) == length && memcmp(piece->at, text, length) == 0;
}

bool hde_scan_character(struct hde_scan *scan, char character)
{
    if (scan->at == scan->end || *scan->at != character) {
        return false;
    }
    scan->at++;
    return true;
}

bool hde_scan_number(struct hde_scan *scan, uint64_t max, uint64_t *number)
{
    const char *at = scan->at;
    uint64_t value = 0;

    for (; at < scan->end && *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (value > (max - digit) / 10 || digit > max) {
            return false;
        }
        value = value * 10 + digit;
    }
    if (at == scan->at) {
        return false;
    }
    scan->at = at;
    *number = value;
    return true;
}

bool hde_scan_copy(const struct hde_scan *piece, char *text, size_t size)
{
    size_t length = (size_t)(piece->end - piece->at);

    if (length >= size) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = piece->at[i];
    }
    text[length] = '\0';
    return true;
}
