/*
 * Program file: candidates in order, and a bounded walk.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/program_file.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENTRIES_MAX 20000 /* files that are looked at below one folder */
#define DEPTH_MAX 6

static struct hdr_binary *try_file(const char *path, const char *build_id)
{
    char error[HDR_BINARY_ERROR_SIZE];
    struct stat status;
    struct hdr_binary *binary = NULL;

    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IXUSR) != 0) {
        binary = hdr_binary_open(path, error);
    }
    if (binary != NULL && build_id[0] != '\0' && strcmp(binary->build_id, build_id) != 0) {
        hdr_binary_close(binary);
        binary = NULL;
    }
    return binary;
}

static struct hdr_binary *try_in(const char *folder, const char *program, const char *build_id)
{
    char path[2 * PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, program);
    return try_file(path, build_id);
}

/* Look below a folder, in files of this name. */
static struct hdr_binary *walk(char *folder, const char *program, const char *build_id)
{
    char *const paths[] = {folder, NULL};
    FTS *below = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    struct hdr_binary *binary = NULL;
    unsigned seen = 0;

    for (FTSENT *entry = below == NULL ? NULL : fts_read(below);
         entry != NULL && binary == NULL && seen++ < ENTRIES_MAX; entry = fts_read(below)) {
        if (entry->fts_info == FTS_D && entry->fts_level > DEPTH_MAX) {
            (void)fts_set(below, entry, FTS_SKIP);
        } else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP &&
                   strcmp(entry->fts_name, program) == 0) {
            binary = try_file(entry->fts_path, build_id);
        }
    }
    if (below != NULL) {
        (void)fts_close(below);
    }
    return binary;
}

static void folder_of(const char *where, char folder[PATH_MAX])
{
    char *slash;

    (void)snprintf(folder, PATH_MAX, "%s", where);
    slash = strrchr(folder, '/');
    if (slash == NULL) {
        (void)snprintf(folder, PATH_MAX, ".");
    } else {
        slash[slash == folder ? 1 : 0] = '\0';
    }
}

struct hdr_binary *hdr_program_open(const char *program, const char *build_id, const char *where)
{
    char folder[PATH_MAX];
    char here[] = ".";
    struct hdr_binary *binary;

    if (program[0] == '\0' || strchr(program, '/') != NULL) {
        return NULL;
    }
    folder_of(where, folder);
    binary = try_in(folder, program, build_id);
    binary = binary == NULL ? try_in(here, program, build_id) : binary;
    if (binary == NULL && build_id[0] != '\0') {
        binary = walk(folder, program, build_id);
        binary = binary == NULL ? walk(here, program, build_id) : binary;
    }
    return binary;
}
