/*
 * Schedule files: whatever bytes a file has, it is a schedule or an error that says why not; and
 * what is read, written and read again is the same schedule, also in its short form.
 *
 * The input is the file; if its first byte is a colon, what is behind it is a short form, whose
 * check word is made to fit.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/schedule_text.h"
#include "fuzz/target.h"

/* A schedule that is longer only repeats what shorter ones do. */
#define SIZE_READ_MAX ((size_t)1 << 14)

static _Noreturn void fail(const char *what, const char *text)
{
    (void)fprintf(stderr, "schedule_file: %s: %s\n", what, text);
    abort();
}

static void require_error(const char *error)
{
    if (error[0] == '\0' || memchr(error, '\0', HDE_SCHEDULE_ERROR_SIZE) == NULL) {
        fail("a refusal without a reason", "");
    }
}

static bool is_equal(const struct hde_schedule *left, const struct hde_schedule *right)
{
    bool are_same = left->count == right->count;

    for (size_t i = 0; are_same && i < left->count; i++) {
        const struct hde_entry *a = &left->entries[i];
        const struct hde_entry *b = &right->entries[i];

        are_same = a->event == b->event && a->alternative == b->alternative &&
                   a->thread == b->thread && a->choice == b->choice;
    }
    return are_same;
}

/* ---- Files ----------------------------------------------------------------------------------- */

/* What hde_schedule_text_write() makes of it, to be freed. */
static char *write_text(const struct hde_schedule_text *text, size_t *size)
{
    char *bytes = NULL;
    FILE *file = open_memstream(&bytes, size);

    if (file == NULL || !hde_schedule_text_write(text, file) || fclose(file) != 0) {
        fail("it cannot be written", "");
    }
    return bytes;
}

static void check_written(const struct hde_schedule_text *text)
{
    char error[HDE_SCHEDULE_ERROR_SIZE] = "";
    struct hde_schedule_text again = {.names = NULL};
    size_t size = 0;
    size_t size_again = 0;
    char *bytes = write_text(text, &size);

    if (!hde_schedule_text_parse(&again, "again", bytes, size, error)) {
        fail(error, bytes);
    }

    char *bytes_again = write_text(&again, &size_again);

    if (!is_equal(&text->schedule, &again.schedule) || size != size_again ||
        memcmp(bytes, bytes_again, size) != 0) {
        fail("written and read, it is another one", bytes);
    }
    hde_schedule_text_release(&again);
    free(bytes);
    free(bytes_again);
}

/* ---- Short forms ----------------------------------------------------------------------------- */

static void check_short(const struct hde_schedule *schedule)
{
    char error[HDE_SCHEDULE_ERROR_SIZE] = "";
    struct hde_schedule again = {.entries = NULL};
    char *argument = hde_schedule_shorten(schedule);

    if (argument == NULL || !hde_schedule_expand(&again, argument, error) ||
        !is_equal(schedule, &again)) {
        fail(error, argument == NULL ? "" : argument);
    }
    hde_schedule_release(&again);
    free(argument);
}

/* The check word is a hash: what a fuzzer writes has never the right one. */
static void expand(const char *choices)
{
    char error[HDE_SCHEDULE_ERROR_SIZE] = "";
    struct hde_schedule schedule = {.entries = NULL};
    size_t size = strlen(choices) + 6;
    char *argument = malloc(size);
    uint32_t hash = UINT32_C(2166136261);

    if (argument == NULL) {
        fail("no memory", "");
    }
    for (const char *at = choices; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT32_C(16777619);
    }
    (void)snprintf(argument, size, "%04x:%s", (hash ^ hash >> 16) & 0xffffU, choices);
    if (hde_schedule_expand(&schedule, argument, error)) {
        check_short(&schedule);
        hde_schedule_release(&schedule);
    } else {
        require_error(error);
        if (strstr(error, "check word") != NULL) {
            fail("the check word is another one than schedule_short.c makes", argument);
        }
    }
    free(argument);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[HDE_SCHEDULE_ERROR_SIZE] = "";
    struct hde_schedule_text text = {.names = NULL};
    size_t length = size < SIZE_READ_MAX ? size : SIZE_READ_MAX;
    char *bytes = malloc(length + 1);

    if (bytes == NULL) {
        fail("no memory", "");
    }
    for (size_t i = 0; i < length; i++) { /* `data' may be NULL if there is nothing */
        bytes[i] = (char)data[i];
    }
    bytes[length] = '\0';
    if (bytes[0] == ':') {
        expand(bytes + 1);
    } else if (hde_schedule_text_parse(&text, "file", (const char *)data, length, error)) {
        check_written(&text);
        check_short(&text.schedule);
        hde_schedule_text_release(&text);
    } else {
        require_error(error);
    }
    free(bytes);
    return 0;
}
