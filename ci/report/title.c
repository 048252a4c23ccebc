/*
 * Title: of each place that is no cause one frame is named: of bugs of memory the innermost, of
 * waits and the like the innermost that is the program's own, each once, sorted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/title.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/record.h"
#include "engine/fatal.h"

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool is_of_memory(const char *kind)
{
    return strcmp(kind, "data-race") == 0 || strcmp(kind, "use-after-free") == 0 ||
           strcmp(kind, "crash") == 0;
}

static const json_t *frame_of(const char *kind, const json_t *stack)
{
    const json_t *frame = json_array_get(stack, 0);
    size_t i = 0;

    while (!is_of_memory(kind) && i < json_array_size(stack)) {
        const char *file = hdr_text(json_array_get(stack, i), "file");

        if (!begins_with(file, "primitives/") && !begins_with(file, "engine/")) {
            return json_array_get(stack, i);
        }
        i++;
    }
    return frame;
}

static json_t *text_of(const json_t *frame)
{
    const char *file = hdr_text(frame, "file");
    const char *slash = strrchr(file, '/');

    return json_sprintf("%s %s:%d", hdr_text(frame, "function"), slash == NULL ? file : slash + 1,
                        (int)hdr_number(frame, "line"));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* Prints the places, sorted, each once. */
static void print_places(FILE *stream, json_t **texts, size_t count)
{
    qsort((void *)texts, count, sizeof(json_t *), by_text);
    for (size_t i = 0; i < count; i++) {
        if (i == 0) {
            (void)fprintf(stream, ": %s", json_string_value(texts[i]));
        } else if (by_text((void *)&texts[i - 1], (void *)&texts[i]) != 0) {
            (void)fprintf(stream, ", %s", json_string_value(texts[i]));
        }
    }
    for (size_t i = 0; i < count; i++) {
        json_decref(texts[i]);
    }
}

static void collect_places(FILE *stream, const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    json_t **texts = (json_t **)calloc(json_array_size(places) + 1, sizeof(json_t *));
    const json_t *place;
    size_t count = 0;
    size_t i;

    if (texts == NULL) {
        hde_fatal("no memory for a title");
    }
    json_array_foreach(places, i, place)
    {
        const json_t *stack = hdr_list(place, "stack");
        json_t *text = json_array_size(stack) == 0 || hdr_is(place, "is_cause")
                           ? NULL
                           : text_of(frame_of(hdr_text(finding, "kind"), stack));

        if (text != NULL) {
            texts[count++] = text;
        }
    }
    print_places(stream, texts, count);
    free((void *)texts);
}

json_t *hdr_title(const json_t *finding)
{
    const char *class = hdr_text(finding, "class");
    const char *program = hdr_text(finding, "program");
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        hde_fatal("no memory for a title");
    }
    (void)fputs(hdr_text(finding, "kind"), stream);
    if (*class != '\0') {
        (void)fprintf(stream, " (%s)", class);
    }
    if (*program != '\0') {
        (void)fprintf(stream, ": %s", program);
    }
    collect_places(stream, finding);
    if (fclose(stream) != 0) {
        hde_fatal("no memory for a title");
    }

    json_t *title = hdr_string(text);

    free(text);
    return title;
}
