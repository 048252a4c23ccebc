/*
 * Files of logs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_file.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/report/log.h"
#include "ci/report/log_line.h"
#include "ci/report/root.h"
#include "engine/fatal.h"

#define CHUNK ((size_t)1 << 16)
#define DIGITS "0123456789"

/* What a text file never has in its first bytes. */
#define LOOKED_AT 4096U

static void complain(struct hdr_collection *collection, const char *path, const char *why)
{
    (void)fprintf(stderr, "heddle: %s: %s\n", path, why);
    collection->damaged++;
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

/* All of a file, to be freed; NULL, with errno, if it cannot be read. */
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
            hde_fatal("no memory for a log");
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

static bool is_binary(const char *bytes, size_t size)
{
    return memchr(bytes, '\0', size < LOOKED_AT ? size : LOOKED_AT) != NULL;
}

static bool may_be_log(const char *path)
{
    static const char *const ends[] = {".log", ".txt", ".out", ".err"};
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name == NULL ? path : name, '.');

    if (dot == NULL || (dot[1] != '\0' && dot[1 + strspn(dot + 1, DIGITS)] == '\0')) {
        return true;
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        if (strcmp(dot, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- Whose log it is ------------------------------------------------------------------------- */

/* The test in whose command the name of the log occurs; to be freed. NULL if there is none. */
static char *search_test(const char *bytes, size_t size, const char *name)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    struct hdr_log_lines lines;
    char *test = NULL;
    bool is_found = false;

    hdr_log_lines_begin(&lines, bytes, size);
    for (const char *line = hdr_log_lines_next(&lines); line != NULL && !is_found;
         line = hdr_log_lines_next(&lines)) {
        if (hdr_log_match(line, "%d/%d Testing: %s", captures)) {
            free(test);
            test = strdup(captures[2].text);
        }
        is_found = strncmp(line, "Command: ", 9) == 0 && strstr(line, name) != NULL;
    }
    hdr_log_lines_release(&lines);
    if (!is_found) {
        free(test);
        test = NULL;
    }
    return test;
}

/*
 * `ctest -T memcheck' writes a log for each test, MemoryChecker.<number>.log, and beside it
 * LastDynamicAnalysis_<time>.log, which has the commands.
 */
static char *find_test(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    char pattern[PATH_MAX + 64];
    char *test = NULL;
    glob_t logs;

    if (!hdr_log_match(name, "MemoryChecker.%d.log%s", captures)) {
        return NULL;
    }
    (void)snprintf(pattern, sizeof(pattern), "%.*sLastDynamicAnalysis*.log", (int)(name - path),
                   path);
    if (glob(pattern, 0, NULL, &logs) != 0) {
        return NULL;
    }

    char *wanted = strndup(name, (size_t)(captures[1].text - name));
    size_t size = 0;
    char *bytes = read_whole(logs.gl_pathv[logs.gl_pathc - 1], &size);

    if (wanted != NULL && bytes != NULL) {
        test = search_test(bytes, size, wanted);
    }
    free(bytes);
    free(wanted);
    globfree(&logs);
    return test;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Quote what was not understood, for somebody who has to look at it. */
static void quote(struct hdr_collection *collection,
                  const char *path,
                  size_t line,
                  const char *text,
                  const char *what)
{
    (void)fprintf(stderr, "heddle: %s:%zu: %s\n    %.120s\n", path, line, what, text);
    collection->damaged++;
}

static void complain_of_tally(struct hdr_collection *collection,
                              const struct hdr_log_tally *tally,
                              const char *path,
                              const char *bytes,
                              size_t size)
{
    struct hdr_log_lines lines;
    char what[160];

    hdr_log_lines_begin(&lines, bytes, size);
    for (const char *line = hdr_log_lines_next(&lines); line != NULL;
         line = hdr_log_lines_next(&lines)) {
        if (tally->cut_off > 0 && lines.number == tally->first_cut_off) {
            (void)snprintf(what, sizeof(what),
                           "%zu of %zu reports are not whole; what is there was read. The first:",
                           tally->cut_off, tally->reports);
            quote(collection, path, lines.number, line, what);
        }
        if (tally->lines > 0 && lines.number == tally->first_line) {
            (void)snprintf(
                what, sizeof(what),
                "%zu lines of stacks belong to no report that is known. The first:", tally->lines);
            quote(collection, path, lines.number, line, what);
        }
    }
    hdr_log_lines_release(&lines);
}

bool hdr_log_file_read(struct hdr_collection *collection, const char *path, bool is_named)
{
    struct hdr_log_settings settings = {.path = path, .may_symbolize = true};
    struct hdr_log_tally tally;
    char root[PATH_MAX];
    size_t size = 0;

    if (!is_named && !may_be_log(path)) {
        return false;
    }

    char *bytes = read_whole(path, &size);

    if (bytes == NULL) {
        complain(collection, path, strerror(errno));
        return false;
    }
    if (!is_named && is_binary(bytes, size)) {
        free(bytes);
        return false;
    }

    char *test = find_test(path);

    hdr_root_folder(collection->root, root);
    settings.root = root;
    settings.test = test;
    tally = hdr_log_parse(collection, &settings, bytes, size);
    if (tally.reports > 0 || is_named) {
        complain_of_tally(collection, &tally, path, bytes, size);
    }
    if (tally.reports == 0 && is_named) {
        complain(collection, path,
                 "neither a record nor a log with a report of a sanitizer, helgrind or drd");
    }
    free(test);
    free(bytes);
    return tally.reports > 0;
}

/* Neither a pipe, which would have to be waited for, nor a device without end. */
static bool is_regular(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* A pattern for glob() that fits the path as it is, with a dot and a number behind it. */
static bool make_pattern(char *pattern, size_t size, const char *path)
{
    static const char numbered[] = ".[0-9]*";
    size_t length = 0;

    for (; *path != '\0' && length + sizeof(numbered) + 2 < size; path++) {
        if (strchr("*?[\\", *path) != NULL) {
            pattern[length++] = '\\';
        }
        pattern[length++] = *path;
    }
    memcpy(pattern + length, numbered, sizeof(numbered));
    return *path == '\0';
}

bool hdr_log_set_read(struct hdr_collection *collection, const char *prefix)
{
    char pattern[2 * PATH_MAX];
    bool is_read = false;
    glob_t files;

    if (!make_pattern(pattern, sizeof(pattern), prefix) || glob(pattern, 0, NULL, &files) != 0) {
        return false;
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *number = files.gl_pathv[i] + strlen(prefix) + 1;

        if (number[strspn(number, DIGITS)] == '\0' && is_regular(files.gl_pathv[i])) {
            (void)hdr_log_file_read(collection, files.gl_pathv[i], true);
            is_read = true;
        }
    }
    globfree(&files);
    return is_read;
}
