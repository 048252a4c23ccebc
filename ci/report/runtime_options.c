/*
 * Runtime options: names and values, between any of " ,:", tabs and newlines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/runtime_options.h"

#include <stdio.h>
#include <string.h>

#define SEPARATORS " ,:\n\t\r"

const struct hdr_option_variable hdr_option_variables[] = {
    {"TSAN_OPTIONS", HDR_TSAN}, {"ASAN_OPTIONS", HDR_ASAN}, {"UBSAN_OPTIONS", HDR_UBSAN},
    {"LSAN_OPTIONS", HDR_LSAN}, {"MSAN_OPTIONS", HDR_MSAN}, {NULL, HDR_RUNTIMES},
};

static bool take(char *to, size_t size, const char *from, size_t length)
{
    (void)snprintf(to, size, "%.*s", (int)(length < size ? length : size - 1), from);
    return length < size;
}

enum hdr_option_result hdr_option_next(const char **text, struct hdr_option *option)
{
    const char *begin = *text + strspn(*text, SEPARATORS);
    size_t name = strcspn(begin, "=" SEPARATORS);
    const char *value = begin + name + 1;
    size_t length;

    *option = (struct hdr_option){.name = ""};
    *text = begin;
    if (*begin == '\0') {
        return HDR_OPTION_END;
    }
    if (begin[name] != '=' || !take(option->name, sizeof(option->name), begin, name)) {
        return HDR_OPTION_IS_MALFORMED;
    }
    if (*value == '"' || *value == '\'') {
        const char *end = strchr(value + 1, *value);

        if (end == NULL) {
            return HDR_OPTION_IS_MALFORMED;
        }
        *text = end + 1;
        value++;
        length = (size_t)(end - value);
    } else {
        length = strcspn(value, SEPARATORS);
        *text = value + length;
    }
    return take(option->value, sizeof(option->value), value, length) ? HDR_OPTION_IS
                                                                     : HDR_OPTION_IS_MALFORMED;
}

bool hdr_option_find(const struct hdr_examination *examination,
                     const struct hdr_option_variable *variable,
                     const char *name,
                     struct hdr_option *option)
{
    const char *text = hdr_machine_variable(examination->machine, variable->name);
    struct hdr_option each;
    bool is_there = false;

    while (text != NULL && examination->binary->runtimes[variable->runtime].is_there &&
           hdr_option_next(&text, &each) == HDR_OPTION_IS) {
        if (strcmp(each.name, name) == 0) {
            *option = each;
            is_there = true;
        }
    }
    return is_there;
}

bool hdr_option_is_true(const char *value)
{
    return strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "yes") == 0;
}

bool hdr_option_is_false(const char *value)
{
    return strcmp(value, "0") == 0 || strcmp(value, "false") == 0 || strcmp(value, "no") == 0;
}
