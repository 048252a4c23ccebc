/*
 * Pattern: matched from left to right. Where it fails, the last `*' takes one character more; what
 * earlier ones took need not change, for what comes after them has matched at the first place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/pattern.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

bool hdr_pattern_is_one(const char *word) { return strpbrk(word, "*?[") != NULL; }

/* The code point at *text, behind which *text goes. */
static uint32_t take(const char **text)
{
    const unsigned char *byte = (const unsigned char *)*text;
    unsigned more = byte[0] < 0xc0 ? 0 : byte[0] < 0xe0 ? 1 : byte[0] < 0xf0 ? 2 : 3;
    uint32_t point = more == 0 ? byte[0] : byte[0] & (0x3fU >> more);

    for (unsigned i = 1; i <= more && byte[i] != '\0'; i++) {
        point = point << 6 | (byte[i] & 0x3fU);
        (*text)++;
    }
    (*text)++;
    return point;
}

/* Where a set that begins behind `[' ends: its `]'; NULL if it is not closed. */
static const char *end_of_set(const char *set)
{
    set += *set == '!' ? 1 : 0;
    set += *set == ']' ? 1 : 0;
    return strchr(set, ']');
}

static bool is_in_set(const char *set, const char *end, uint32_t point)
{
    bool is_negated = *set == '!';
    bool is_found = false;

    set += is_negated ? 1 : 0;
    while (set < end) {
        uint32_t first = take(&set);
        uint32_t last = first;

        if (*set == '-' && set + 1 < end) {
            set++;
            last = take(&set);
        }
        is_found = is_found || (first <= point && point <= last);
    }
    return is_found != is_negated;
}

/* Takes what stands for one character from the pattern, and one from the text; whether they fit. */
static bool take_both(const char **pattern, const char **text)
{
    uint32_t wanted = take(pattern);
    uint32_t point = take(text);
    const char *end = wanted == '[' ? end_of_set(*pattern) : NULL;

    if (end != NULL) {
        bool fits = is_in_set(*pattern, end, point);

        *pattern = end + 1;
        return fits;
    }
    return wanted == '?' || wanted == point;
}

bool hdr_pattern_matches(const char *pattern, const char *text)
{
    const char *after_star = NULL;
    const char *retry = NULL;

    while (*pattern != '\0' || *text != '\0') {
        if (*pattern == '*') {
            after_star = ++pattern;
            retry = text;
            continue;
        }
        if (*text == '\0') {
            return false;
        }
        if (*pattern != '\0' && take_both(&pattern, &text)) {
            continue;
        }
        if (after_star == NULL) {
            return false;
        }
        (void)take(&retry);
        text = retry;
        pattern = after_star;
    }
    return true;
}
