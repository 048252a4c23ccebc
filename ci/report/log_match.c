/*
 * Patterns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_match.h"

#include <stdlib.h>
#include <string.h>

#include "ci/report/record.h"
#include "engine/fatal.h"

#define DECIMAL "0123456789"
#define HEXADECIMAL "0123456789abcdefABCDEF"
#define NO_FIT SIZE_MAX

/* How much of the line a %s takes; NO_FIT if `rest`, the pattern behind it, is not there. */
static size_t text_length(const char *line, const char *rest)
{
    size_t literal = strcspn(rest, "%");
    size_t length = strlen(line);

    if (rest[literal] == '\0') {
        bool has_end = length >= literal && strcmp(line + length - literal, rest) == 0;

        return has_end ? length - literal : NO_FIT;
    }

    const char *found = memmem(line, length, rest, literal);

    return found == NULL ? NO_FIT : (size_t)(found - line);
}

static size_t piece_length(const char *line, char kind, const char *rest)
{
    if (kind == 's') {
        return text_length(line, rest);
    }

    size_t prefix = kind == 'x' && strncmp(line, "0x", 2) == 0 ? 2 : 0;
    size_t digits = strspn(line + prefix, kind == 'x' ? HEXADECIMAL : DECIMAL);

    return digits == 0 ? NO_FIT : prefix + digits;
}

bool hdr_log_match(const char *line,
                   const char *pattern,
                   struct hdr_capture captures[HDR_CAPTURES_MAX])
{
    size_t count = 0;

    while (*pattern != '\0') {
        bool is_piece = *pattern == '%';
        size_t length = is_piece ? piece_length(line, pattern[1], pattern + 2) : 1;

        if ((!is_piece && *line != *pattern) || length == NO_FIT || count == HDR_CAPTURES_MAX) {
            return false;
        }
        if (is_piece) {
            captures[count++] = (struct hdr_capture){line, length};
        }
        line += length;
        pattern += is_piece ? 2 : 1;
    }
    return *line == '\0';
}

size_t hdr_capture_number(struct hdr_capture capture)
{
    size_t number = 0;

    for (size_t i = 0; i < capture.length; i++) {
        size_t digit = (size_t)(capture.text[i] - '0');

        if (number > (SIZE_MAX - digit) / 10) {
            return SIZE_MAX;
        }
        number = 10 * number + digit;
    }
    return number;
}

bool hdr_capture_is(struct hdr_capture capture, const char *text)
{
    return capture.length == strlen(text) && memcmp(capture.text, text, capture.length) == 0;
}

json_t *hdr_capture_string(struct hdr_capture capture)
{
    char *copy = strndup(capture.text, capture.length);

    if (copy == NULL) {
        hde_fatal("no memory for a record");
    }

    json_t *string = hdr_string(copy);

    free(copy);
    return string;
}
