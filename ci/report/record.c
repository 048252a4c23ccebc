/*
 * Record: lookups that never fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/record.h"

#include <stdlib.h>
#include <string.h>

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

/* How many bytes the UTF-8 sequence at `text' has; 0 if it is none. RFC 3629, section 4. */
static size_t sequence_length(const unsigned char *text)
{
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    unsigned char least = text[0] == 0xe0 ? 0xa0 : text[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char most = text[0] == 0xed ? 0x9f : text[0] == 0xf4 ? 0x8f : 0xbf;

    if (length == 1) {
        return 1;
    }
    if (text[0] < 0xc2 || text[0] > 0xf4 || text[1] < least || text[1] > most) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length;
}

static json_t *repaired(const char *text)
{
    char *copy = malloc(3 * strlen(text) + 1);
    char *end = copy;

    if (copy == NULL) {
        hde_fatal("no memory for a record");
    }
    while (*text != '\0') {
        size_t length = sequence_length((const unsigned char *)text);

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
