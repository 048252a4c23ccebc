/*
 * Schedule file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/schedule_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/anchor.h"
#include "engine/fatal.h"
#include "engine/symbol.h"

#define CHUNK ((size_t)65536)

/* All of a file; NULL, with errno, if it cannot be read. The caller frees it. */
static char *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    char *bytes = NULL;
    size_t got = CHUNK;

    *size = 0;
    if (file == NULL) {
        return NULL;
    }
    while (got == CHUNK) {
        char *more = realloc(bytes, *size + CHUNK);

        if (more == NULL) {
            hde_fatal_errno("no memory for a schedule");
        }
        bytes = more;
        got = fread(bytes + *size, 1, CHUNK, file);
        *size += got;
    }
    if (ferror(file) != 0) {
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(file);
    return bytes;
}

bool hde_schedule_file_read(struct hde_schedule_text *text,
                            const char *path,
                            char error[HDE_SCHEDULE_ERROR_SIZE])
{
    size_t size = 0;
    char *bytes = read_whole(path, &size);

    if (bytes == NULL) {
        (void)snprintf(error, HDE_SCHEDULE_ERROR_SIZE, "cannot read %s: %s%s", path,
                       strerror(errno),
                       strpbrk(path, "/.") == NULL ? "; a scenario needs --schedule=TEXT" : "");
        return false;
    }
    bool is_read = hde_schedule_text_parse(text, path, bytes, size, error);

    free(bytes);
    return is_read;
}

bool hde_schedule_file_is_foreign(const struct hde_schedule_text *text)
{
    return text->header.build[0] != '\0' && strcmp(text->header.build, hde_symbol_build_id()) != 0;
}

/* ---- Beside a scenario ----------------------------------------------------------------------- */

static bool find_beside(const struct hde_scenario *scenario, char path[HDE_SCHEDULE_PATH_SIZE])
{
    const char *root = hde_program_root == NULL ? "." : hde_program_root;
    const char *slash = strrchr(scenario->file, '/');
    int folder_length = slash == NULL ? 0 : (int)(slash + 1 - scenario->file);

    (void)snprintf(path, HDE_SCHEDULE_PATH_SIZE, "%s/%.*s%s.schedule", root, folder_length,
                   scenario->file, scenario->name);
    return access(path, R_OK) == 0;
}

bool hde_schedule_file_beside(const struct hde_scenario *scenario,
                              const struct hde_settings *settings,
                              struct hde_schedule *schedule,
                              char error[HDE_SCHEDULE_ERROR_SIZE])
{
    struct hde_program program = hde_scenario_program(scenario, false);
    struct hde_schedule_text text = {0};
    char path[HDE_SCHEDULE_PATH_SIZE];

    error[0] = '\0';
    if (!find_beside(scenario, path)) {
        return false;
    }
    bool is_read = hde_schedule_file_read(&text, path, error);

    if (is_read && strcmp(text.header.program, scenario->name) != 0) {
        (void)snprintf(error, HDE_SCHEDULE_ERROR_SIZE, "%.200s is a schedule of `%s'", path,
                       text.header.program);
        is_read = false;
    }
    if (is_read) {
        if (hde_schedule_file_is_foreign(&text)) {
            (void)hde_anchor_find(&program, settings, &text);
        }
        *schedule = (struct hde_schedule){0};
        hde_schedule_copy(schedule, &text.schedule);
    }
    hde_schedule_text_release(&text);
    return is_read;
}
