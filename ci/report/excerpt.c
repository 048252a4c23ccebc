/*
 * Excerpt: found by file and line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/excerpt.h"

#include <string.h>

#include "ci/report/record.h"

static bool has_line(const json_t *excerpt, const char *file, json_int_t line)
{
    json_int_t first = hdr_number(excerpt, "first");

    return strcmp(hdr_text(excerpt, "file"), file) == 0 && line >= first &&
           line < first + (json_int_t)json_array_size(hdr_list(excerpt, "text"));
}

const json_t *hdr_excerpt_of(const json_t *finding, const char *file, json_int_t line)
{
    const json_t *excerpts = hdr_list(finding, "excerpts");

    for (size_t i = 0; i < json_array_size(excerpts); i++) {
        if (has_line(json_array_get(excerpts, i), file, line)) {
            return json_array_get(excerpts, i);
        }
    }
    return NULL;
}

const char *hdr_excerpt_line(const json_t *finding, const char *file, json_int_t line)
{
    const json_t *excerpt = hdr_excerpt_of(finding, file, line);

    return excerpt == NULL
               ? NULL
               : json_string_value(json_array_get(hdr_list(excerpt, "text"),
                                                  (size_t)(line - hdr_number(excerpt, "first"))));
}
