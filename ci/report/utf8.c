/*
 * UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/utf8.h"

#include <stdbool.h>

#define PICTURES 0x2400U /* of control characters */
#define PICTURE_OF_DELETE 0x2421U

size_t hdr_utf8_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    unsigned char least = bytes[0] == 0xe0 ? 0xa0 : bytes[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char most = bytes[0] == 0xed ? 0x9f : bytes[0] == 0xf4 ? 0x8f : 0xbf;

    if (length == 1) {
        return 1;
    }
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || bytes[1] < least || bytes[1] > most) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length;
}

uint32_t hdr_utf8_next(const char *text, size_t *bytes)
{
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t length = hdr_utf8_length(text);
    uint32_t character = HDR_REPLACEMENT;

    *bytes = length == 0 ? 1 : length;
    if (length > 0) {
        character = (unsigned char)text[0] & first_bits[length];
    }
    for (size_t i = 1; i < length; i++) {
        character = character << 6 | ((unsigned char)text[i] & 0x3fU);
    }
    return character;
}

uint32_t hdr_utf8_shown(uint32_t character)
{
    bool is_control =
        character < ' ' && character != '\t' && character != '\n' && character != '\r';
    bool is_second_control = character > 0x7f && character < 0xa0;
    bool is_none = (character & 0xfffeU) == 0xfffeU || (character >= 0xfdd0 && character <= 0xfdef);

    if (is_control || character == 0x7f) {
        return is_control ? PICTURES + character : PICTURE_OF_DELETE;
    }
    return is_second_control || is_none ? HDR_REPLACEMENT : character;
}

void hdr_utf8_print(uint32_t character, FILE *file)
{
    unsigned tail = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    static const unsigned marks[] = {0, 0xc0, 0xe0, 0xf0};

    (void)fputc((int)(marks[tail] | character >> 6 * tail), file);
    while (tail > 0) {
        tail--;
        (void)fputc((int)(0x80U | (character >> 6 * tail & 0x3fU)), file);
    }
}
