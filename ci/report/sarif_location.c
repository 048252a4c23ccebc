/*
 * SARIF, places.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif_location.h"

#include <string.h>

#include "ci/report/excerpt.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

/* ---- Messages -------------------------------------------------------------------------------- */

void hdr_sarif_put(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' || *text == '\r' || *text == '\t') {
            (void)fputc(' ', stream);
        } else if (*text == '{' || *text == '}') {
            (void)fprintf(stream, "%c%c", *text, *text);
        } else if (strchr("[]\\", *text) != NULL) {
            (void)fprintf(stream, "\\%c", *text);
        } else {
            (void)fputc(*text, stream);
        }
    }
}

json_t *hdr_sarif_message(const char *text)
{
    struct hdr_phrase phrase;
    json_t *message = json_object();

    hdr_phrase_begin(&phrase);
    hdr_sarif_put(phrase.stream, text);
    hdr_set(message, "text", hdr_phrase_end(&phrase));
    return message;
}

/* ---- Paths ----------------------------------------------------------------------------------- */

static bool is_plain(char letter)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~/+";

    return strchr(plain, letter) != NULL;
}

/* RFC 3986: all that is no letter, digit or slash is written as its bytes. */
static json_t *uri(const char *path)
{
    struct hdr_phrase phrase;

    while (strncmp(path, "./", 2) == 0) {
        path += 2;
    }
    hdr_phrase_begin(&phrase);
    (void)fputs(path[0] == '/' ? "file://" : "", phrase.stream);
    for (; *path != '\0'; path++) {
        if (is_plain(*path)) {
            (void)fputc(*path, phrase.stream);
        } else {
            (void)fprintf(phrase.stream, "%%%02X", (unsigned char)*path);
        }
    }
    return hdr_phrase_end(&phrase);
}

static json_t *artifact(const char *path)
{
    json_t *location = json_object();

    hdr_set(location, "uri", uri(path));
    if (path[0] != '/') {
        hdr_set(location, "uriBaseId", hdr_string(HDR_SARIF_ROOT));
    }
    return location;
}

/* ---- Regions --------------------------------------------------------------------------------- */

/* Columns of SARIF's default are units of UTF-16: a character beyond the first 65,536 has two. */
static json_int_t units(const char *text, size_t length)
{
    json_int_t count = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        count += (byte & 0xc0) != 0x80 ? 1 : 0;
        count += byte >= 0xf0 ? 1 : 0;
    }
    return count;
}

static json_t *snippet(const char *text)
{
    json_t *content = json_object();

    hdr_set(content, "text", hdr_string(text));
    return content;
}

/* From the first letter of the line to its last, if the line is known. */
static json_t *region(const char *code, json_int_t line, enum hdr_sarif_detail detail)
{
    json_t *region = json_object();
    size_t blanks = code == NULL ? 0 : strspn(code, " \t");

    hdr_set(region, "startLine", json_integer(line));
    if (code == NULL || code[blanks] == '\0') {
        return region;
    }
    hdr_set(region, "startColumn", json_integer(1 + units(code, blanks)));
    hdr_set(region, "endLine", json_integer(line));
    hdr_set(region, "endColumn", json_integer(1 + units(code, strlen(code))));
    if (detail != HDR_SARIF_LINE) {
        hdr_set(region, "snippet", snippet(code + blanks));
    }
    return region;
}

static json_t *context_of(const json_t *excerpt)
{
    const json_t *lines = hdr_list(excerpt, "text");
    json_int_t first = hdr_number(excerpt, "first");
    json_t *context = json_object();
    struct hdr_phrase phrase;

    hdr_phrase_begin(&phrase);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        (void)fprintf(phrase.stream, "%s\n", hdr_text_at(lines, i));
    }
    hdr_set(context, "startLine", json_integer(first));
    hdr_set(context, "endLine", json_integer(first + (json_int_t)json_array_size(lines) - 1));
    hdr_set(context, "snippet", json_object());
    hdr_set(json_object_get(context, "snippet"), "text", hdr_phrase_end(&phrase));
    return context;
}

/* ---- Locations ------------------------------------------------------------------------------- */

bool hdr_sarif_is_known(const json_t *source)
{
    const char *file = hdr_text(source, "file");

    return file[0] != '\0' && strcmp(file, "?") != 0 && hdr_number(source, "line") > 0;
}

static json_t *
physical(const json_t *finding, const char *file, json_int_t line, enum hdr_sarif_detail detail)
{
    const json_t *excerpt = hdr_excerpt_of(finding, file, line);
    json_t *location = json_object();

    hdr_set(location, "artifactLocation", artifact(file));
    hdr_set(location, "region", region(hdr_excerpt_line(finding, file, line), line, detail));
    if (detail == HDR_SARIF_CONTEXT && json_array_size(hdr_list(excerpt, "text")) > 1) {
        hdr_set(location, "contextRegion", context_of(excerpt));
    }
    return location;
}

static json_t *logical(const char *function)
{
    json_t *locations = json_array();
    json_t *location = json_object();

    hdr_set(location, "name", hdr_string(function));
    hdr_set(location, "fullyQualifiedName", hdr_string(function));
    hdr_set(location, "kind", hdr_string("function"));
    hdr_push(locations, location);
    return locations;
}

json_t *hdr_sarif_location(const json_t *finding,
                           const json_t *source,
                           enum hdr_sarif_detail detail,
                           json_t *message)
{
    const char *function = hdr_text(source, "function");
    const char *program = hdr_text(finding, "program");
    json_t *location = json_object();

    if (hdr_sarif_is_known(source)) {
        hdr_set(location, "physicalLocation",
                physical(finding, hdr_text(source, "file"), hdr_number(source, "line"), detail));
    } else {
        hdr_set(location, "physicalLocation",
                physical(finding, program[0] == '\0' ? "unknown" : program, 1, detail));
    }
    if (function[0] != '\0' && strcmp(function, "?") != 0) {
        hdr_set(location, "logicalLocations", logical(function));
    }
    if (message != NULL) {
        hdr_set(location, "message", message);
    }
    return location;
}

json_t *
hdr_sarif_stack(const json_t *finding, const json_t *frames, json_int_t thread, json_t *message)
{
    json_t *stack = json_object();
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(frames); i++) {
        const json_t *source = json_array_get(frames, i);
        json_t *frame = json_object();

        hdr_set(frame, "location", hdr_sarif_location(finding, source, HDR_SARIF_LINE, NULL));
        hdr_set(frame, "threadId", json_integer(thread));
        hdr_push(list, frame);
    }
    hdr_set(stack, "message", message);
    hdr_set(stack, "frames", list);
    return stack;
}
