/*
 * Excerpts for records of logs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_excerpt.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/excerpt.h"
#include "ci/report/log.h"
#include "ci/report/record.h"

#define LINES_AROUND 6 /* before and after */

/* Only of the reader's own tree: a log may name anything. */
static FILE *open_source(const char *file, const struct hdr_log_settings *settings)
{
    char path[2 * PATH_MAX];

    if (settings->root[0] == '\0' || file[0] == '/' || strncmp(file, "../", 3) == 0) {
        return NULL;
    }
    (void)snprintf(path, sizeof(path), "%s/%s", settings->root, file);
    return fopen(path, "r");
}

static json_t *read_lines(FILE *source, json_int_t first, json_int_t last)
{
    json_t *text = json_array();
    char *line = NULL;
    size_t capacity = 0;

    for (json_int_t number = 1; number <= last && getline(&line, &capacity, source) >= 0;
         number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (number >= first) {
            hdr_push(text, hdr_string(line));
        }
    }
    free(line);
    return text;
}

static void add(json_t *record, const json_t *place, const struct hdr_log_settings *settings)
{
    const char *file = hdr_text(place, "file");
    json_int_t line = hdr_number(place, "line");
    json_int_t first = line > LINES_AROUND ? line - LINES_AROUND : 1;
    FILE *source = NULL;

    if (line > 0 && hdr_excerpt_of(record, file, line) == NULL) {
        source = open_source(file, settings);
    }
    if (source == NULL) {
        return;
    }

    json_t *text = read_lines(source, first, line + LINES_AROUND);

    (void)fclose(source);
    if (json_array_size(text) == 0) {
        json_decref(text);
        return;
    }

    json_t *excerpt = json_object();

    hdr_set(excerpt, "file", hdr_string(file));
    hdr_set(excerpt, "first", json_integer(first));
    hdr_set(excerpt, "text", text);
    hdr_push(json_object_get(record, "excerpts"), excerpt);
}

void hdr_log_quote(json_t *record, const struct hdr_log_settings *settings)
{
    const json_t *place;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place) { add(record, place, settings); }
}
