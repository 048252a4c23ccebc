/*
 * Phrase: a stream into memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/phrase.h"

#include <stdarg.h>
#include <stdlib.h>

#include "ci/report/record.h"
#include "engine/fatal.h"

void hdr_phrase_begin(struct hdr_phrase *phrase)
{
    *phrase = (struct hdr_phrase){.text = NULL};
    phrase->stream = open_memstream(&phrase->text, &phrase->size);
    if (phrase->stream == NULL) {
        hde_fatal("no memory for a text");
    }
}

json_t *hdr_phrase_end(struct hdr_phrase *phrase)
{
    if (fclose(phrase->stream) != 0) {
        hde_fatal("no memory for a text");
    }

    json_t *text = hdr_string(phrase->text);

    free(phrase->text);
    return text;
}

json_t *hdr_phrase_of(const char *format, ...)
{
    struct hdr_phrase phrase;
    va_list arguments;

    hdr_phrase_begin(&phrase);
    va_start(arguments, format);
    (void)vfprintf(phrase.stream, format, arguments);
    va_end(arguments);
    return hdr_phrase_end(&phrase);
}
