/*
 * XML: one character after the other.
 *
 * `>' is escaped everywhere, so that no text has the end of a CDATA section, which a document may
 * not have outside of one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/xml.h"

#include <stdbool.h>
#include <string.h>

#include "ci/report/utf8.h"

/* A character of ASCII. Blanks other than " " would be blanks in an attribute. */
static void print_ascii(char character, bool is_attribute, FILE *file)
{
    static const char markup[] = "&<>\"";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    const char *found = strchr(markup, character);

    if (found != NULL) {
        (void)fputs(entities[found - markup], file);
    } else if (strchr("\t\n\r", character) != NULL) {
        /* A return by itself would be read as the end of a line. */
        (void)fprintf(file, is_attribute || character == '\r' ? "&#%d;" : "%c", character);
    } else {
        (void)fputc(character, file);
    }
}

static void print_text(const char *text, bool is_attribute, FILE *file)
{
    size_t bytes;

    for (; *text != '\0'; text += bytes) {
        uint32_t character = hdr_utf8_shown(hdr_utf8_next(text, &bytes));

        if (character < 0x80) {
            print_ascii((char)character, is_attribute, file);
        } else {
            hdr_utf8_print(character, file);
        }
    }
}

void hdr_xml_text(const char *text, FILE *file) { print_text(text, false, file); }

void hdr_xml_attribute(const char *name, const char *value, FILE *file)
{
    (void)fprintf(file, " %s=\"", name);
    print_text(value, true, file);
    (void)fputc('"', file);
}
