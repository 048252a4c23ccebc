/*
 * Whether files of suppressions are there and can be read by the runtime that is told of them.
 *
 * Where one is not, every program ends before main(), with the exit code of a report.
 *
 * Misses  Kinds that only runtimes after clang 19 know: they are refused here.
 * Source  compiler-rt, sanitizer_suppressions.cpp, and the lists of kinds in tsan_suppressions.cpp,
 *         asan_suppressions.cpp, lsan_common.cpp and ubsan_checks.inc.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/report/check.h"
#include "ci/report/runtime_options.h"

#define LINE_MAX_LENGTH 4096
#define KINDS_MAX 40

static const char *const kinds[HDR_RUNTIMES][KINDS_MAX] = {
    [HDR_TSAN] = {"race", "race_top", "mutex", "thread", "signal", "deadlock", "called_from_lib"},
    [HDR_ASAN] = {"interceptor_name", "interceptor_via_fun", "interceptor_via_lib",
                  "odr_violation"},
    [HDR_LSAN] = {"leak"},
    [HDR_UBSAN] = {"undefined",
                   "null",
                   "nonnull-attribute",
                   "returns-nonnull-attribute",
                   "nullability-arg",
                   "nullability-assign",
                   "nullability-return",
                   "pointer-overflow",
                   "alignment",
                   "object-size",
                   "signed-integer-overflow",
                   "unsigned-integer-overflow",
                   "integer-divide-by-zero",
                   "float-divide-by-zero",
                   "implicit-unsigned-integer-truncation",
                   "implicit-signed-integer-truncation",
                   "implicit-integer-sign-change",
                   "shift-base",
                   "shift-exponent",
                   "bounds",
                   "unreachable",
                   "return",
                   "vla-bound",
                   "float-cast-overflow",
                   "bool",
                   "enum",
                   "function",
                   "invalid-builtin-use",
                   "invalid-objc-cast",
                   "cfi",
                   "vptr",
                   "vptr_check"},
};

static bool is_kind(enum hdr_runtime_kind runtime, const char *line, size_t length)
{
    size_t i = 0;

    while (i < KINDS_MAX && kinds[runtime][i] != NULL &&
           (strlen(kinds[runtime][i]) != length || strncmp(kinds[runtime][i], line, length) != 0)) {
        i++;
    }
    return i < KINDS_MAX && kinds[runtime][i] != NULL;
}

static bool is_well(enum hdr_runtime_kind runtime, const char *line)
{
    size_t length;

    line += strspn(line, " \t");
    length = strcspn(line, ":");
    return line[0] == '\0' || line[0] == '#' ||
           (line[length] == ':' && is_kind(runtime, line, length));
}

static void say_kinds(struct hdr_examination *examination,
                      enum hdr_runtime_kind runtime,
                      const char *path,
                      unsigned number,
                      const char *line)
{
    char advice[1024] = "a line is KIND:PATTERN, a comment, or empty; kinds:";

    for (size_t i = 0; i < KINDS_MAX && kinds[runtime][i] != NULL; i++) {
        size_t length = strlen(advice);

        (void)snprintf(advice + length, sizeof(advice) - length, " %s", kinds[runtime][i]);
    }
    hdr_say_of(examination, HDR_FAIL, advice,
               "%.300s:%u: `%.100s' is no suppression of %s, and keeps programs from starting",
               path, number, line, hdr_runtime_names[runtime]);
}

/* Whether all lines can be read; the first that cannot is named. */
static bool check_lines(struct hdr_examination *examination,
                        enum hdr_runtime_kind runtime,
                        const char *path,
                        FILE *file)
{
    char line[LINE_MAX_LENGTH];
    bool is_good = true;

    for (unsigned number = 1; is_good && fgets(line, sizeof(line), file) != NULL; number++) {
        line[strcspn(line, "\n")] = '\0';
        is_good = is_well(runtime, line);
        if (!is_good) {
            line[strcspn(line, "\r")] = '\0';
            say_kinds(examination, runtime, path, number,
                      line[0] == '\0' ? "a line with nothing but a carriage return" : line);
        }
    }
    return is_good;
}

/* Where the runtime finds a file that is not there: beside the program. */
static void find_beside_program(const char *program, const char *path, char found[2 * PATH_MAX])
{
    const char *slash = strrchr(program, '/');

    (void)snprintf(found, (size_t)2 * PATH_MAX, "%s", path);
    if (access(path, F_OK) != 0 && path[0] != '/' && slash != NULL) {
        (void)snprintf(found, (size_t)2 * PATH_MAX, "%.*s/%s", (int)(slash - program), program,
                       path);
    }
}

/* A folder can be opened, too, but not read. */
static FILE *open_to_read(const char *path)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return NULL;
    }
    return fopen(path, "re");
}

static void check_file(struct hdr_examination *examination,
                       const struct hdr_option_variable *variable,
                       const char *path)
{
    char found[2 * PATH_MAX];
    FILE *file;

    find_beside_program(examination->program, path, found);
    file = open_to_read(found);
    if (file == NULL) {
        hdr_say_of(examination, HDR_FAIL,
                   "the runtime ends every program then; give the absolute path of a file",
                   "%s names suppressions in %.500s: %s", variable->name, path, strerror(errno));
        return;
    }
    if (check_lines(examination, variable->runtime, found, file)) {
        if (path[0] == '/') {
            hdr_say_of(examination, HDR_OK, NULL, "%.500s can be read", path);
        } else {
            hdr_say_of(examination, HDR_WARN,
                       "give its absolute path; in a preset of CMake: ${sourceDir}/...",
                       "%.500s is relative: in other folders programs do not start", path);
        }
    }
    (void)fclose(file);
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_option_variable *variable;
    struct hdr_option option;

    for (variable = hdr_option_variables; variable->name != NULL; variable++) {
        if (hdr_option_find(examination, variable, "suppressions", &option) &&
            option.value[0] != '\0') {
            check_file(examination, variable, option.value);
        }
    }
}

const struct hdr_check hdr_check_suppressions = {
    .name = "suppressions",
    .summary = "whether files of suppressions are there and can be read",
    .run = run,
};
