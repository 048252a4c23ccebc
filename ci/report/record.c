/*
 * Record: lookups that never fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/record.h"

#include <stdlib.h>
#include <string.h>

#include "ci/report/utf8.h"
#include "engine/fatal.h"

const char *hdr_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

json_int_t hdr_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool hdr_is(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool hdr_has(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return value != NULL && !json_is_null(value);
}

const json_t *hdr_list(const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);

    return json_is_array(list) ? list : NULL;
}

const json_t *hdr_thread(const json_t *finding, json_int_t id)
{
    size_t i;
    json_t *thread;

    json_array_foreach(hdr_list(finding, "threads"), i, thread)
    {
        if (hdr_number(thread, "id") == id) {
            return thread;
        }
    }
    return NULL;
}

const char *hdr_text_at(const json_t *list, size_t index)
{
    const char *text = json_string_value(json_array_get(list, index));

    return text == NULL ? "" : text;
}

void hdr_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        hde_fatal("no memory for a record");
    }
}

void hdr_push(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        hde_fatal("no memory for a record");
    }
}

static json_t *repaired(const char *text)
{
    char *copy = malloc(3 * strlen(text) + 1);
    char *end = copy;

    if (copy == NULL) {
        hde_fatal("no memory for a record");
    }
    while (*text != '\0') {
        size_t length = hdr_utf8_length(text);

        memcpy(end, length == 0 ? "\xef\xbf\xbd" : text, length == 0 ? 3 : length);
        end += length == 0 ? 3 : length;
        text += length == 0 ? 1 : length;
    }
    *end = '\0';

    json_t *value = json_string(copy);

    free(copy);
    return value;
}

json_t *hdr_string(const char *text)
{
    json_t *value = json_string(text);

    value = value == NULL ? repaired(text) : value;
    if (value == NULL) {
        hde_fatal("no memory for a record");
    }
    return value;
}
