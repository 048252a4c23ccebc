/*
 * Markup: escaping.
 *
 * Source: HTML, Living Standard, 13.1.2 and 13.1.3: of what is escaped here, only `<' and `&' end
 * text, and quotes an attribute; in a script element, `</script' and `<!--' end or change it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/markup.h"

#include <ctype.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static const char *escape(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)byte < ' ' && byte != '\n' && byte != '\t' ? REPLACEMENT : NULL;
    }
}

void hdr_markup_range(FILE *stream, const char *text, const char *end)
{
    for (; text < end; text++) {
        const char *escaped = escape(*text);

        if (escaped != NULL) {
            (void)fputs(escaped, stream);
        } else {
            (void)fputc(*text, stream);
        }
    }
}

void hdr_markup_text(FILE *stream, const char *text)
{
    hdr_markup_range(stream, text, text + strlen(text));
}

void hdr_markup_message(FILE *stream, const char *message)
{
    for (;;) {
        const char *begin = strchr(message, '`');
        const char *end = begin == NULL ? NULL : strchr(begin, '\'');

        if (end == NULL) {
            hdr_markup_text(stream, message);
            return;
        }
        hdr_markup_range(stream, message, begin);
        (void)fputs("<code>", stream);
        hdr_markup_range(stream, begin + 1, end);
        (void)fputs("</code>", stream);
        message = end + 1;
    }
}

void hdr_markup_path(FILE *stream, const char *path)
{
    for (; *path != '\0'; path++) {
        unsigned char byte = (unsigned char)*path;

        if (byte < 0x80 && (isalnum(byte) || strchr("-._~/", byte) != NULL)) {
            (void)fputc(byte, stream);
        } else {
            (void)fprintf(stream, "%%%02X", byte);
        }
    }
}

/* In JSON, `<' is only in strings, and means there what \u003c means. */
static int put_json(const char *buffer, size_t size, void *data)
{
    FILE *stream = data;

    for (size_t i = 0; i < size; i++) {
        if (buffer[i] == '<') {
            (void)fputs("\\u003c", stream);
        } else {
            (void)fputc(buffer[i], stream);
        }
    }
    return 0;
}

void hdr_markup_json(FILE *stream, const json_t *value)
{
    (void)json_dump_callback(value, put_json, stream,
                             JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
}

void hdr_markup_count(FILE *stream, json_int_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof(digits), "%lld", (long long)count);

    for (int i = 0; i < length; i++) {
        (void)fputc(digits[i], stream);
        if (isdigit((unsigned char)digits[i]) && i + 1 < length && (length - i - 1) % 3 == 0) {
            (void)fputc(',', stream);
        }
    }
}

void hdr_markup_plural(FILE *stream, json_int_t count, const char *noun)
{
    hdr_markup_count(stream, count);
    (void)fprintf(stream, " %s%s", noun, count == 1 ? "" : "s");
}

void hdr_markup_words(FILE *stream, const char *identifier)
{
    for (const char *dash = strchr(identifier, '-'); dash != NULL; dash = strchr(identifier, '-')) {
        hdr_markup_range(stream, identifier, dash);
        (void)fputc(' ', stream);
        identifier = dash + 1;
    }
    hdr_markup_text(stream, identifier);
}
