/*
 * Whether the runtimes find what names functions and lines.
 *
 * clang's runtimes start llvm-symbolizer: that of the option external_symbolizer_path, else that of
 * a variable of the environment, else the first on PATH, else one whose path was built in. gcc's
 * have their own.
 *
 * Source  compiler-rt, sanitizer_symbolizer_posix_libcdep.cpp; runs of the runtimes of clang 14,
 *         clang 19 and gcc 12.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <unistd.h>

#include "ci/report/check.h"
#include "ci/report/runtime_options.h"

#define SYMBOLIZER "llvm-symbolizer"
#define BUILT_IN "/usr/bin/" SYMBOLIZER "-"

static const char install[] = "install llvm, or set PATH or the option external_symbolizer_path\n"
                              "to where llvm-symbolizer is";

static bool has_its_own(const struct hdr_binary *binary)
{
    return hdr_binary_defines(binary, "__asan_backtrace_create_state");
}

static const char *variable_of(const struct hdr_binary *binary)
{
    if (binary->runtimes[HDR_TSAN].is_there) {
        return "TSAN_SYMBOLIZER_PATH";
    }
    if (binary->runtimes[HDR_ASAN].is_there) {
        return "ASAN_SYMBOLIZER_PATH";
    }
    return binary->runtimes[HDR_MSAN].is_there ? "MSAN_SYMBOLIZER_PATH" : "UBSAN_SYMBOLIZER_PATH";
}

/* The path that somebody has set; NULL if nobody has. */
static const char *path_that_is_set(const struct hdr_examination *examination,
                                    struct hdr_option *option)
{
    const struct hdr_option_variable *variable;

    for (variable = hdr_option_variables; variable->name != NULL; variable++) {
        if (hdr_option_find(examination, variable, "external_symbolizer_path", option)) {
            return option->value;
        }
    }
    return hdr_machine_variable(examination->machine, variable_of(examination->binary));
}

static void check_path(struct hdr_examination *examination, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    if (path[0] == '\0') {
        hdr_say(examination, HDR_WARN, "it is switched off by an empty path", install);
    } else if (strncmp(name, SYMBOLIZER, strlen(SYMBOLIZER)) != 0 &&
               strcmp(name, "addr2line") != 0) {
        hdr_say_of(examination, HDR_FAIL, install,
                   "%.500s is no symbolizer by its name: the first report ends in an error", path);
    } else if (access(path, X_OK) != 0) {
        hdr_say_of(examination, HDR_FAIL, install, "%.500s is not there", path);
    } else {
        hdr_say_of(examination, HDR_OK, NULL, "%.500s", path);
    }
}

static bool find_on_path(const struct hdr_machine *machine, char found[PATH_MAX])
{
    const char *path = hdr_machine_variable(machine, "PATH");

    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");

        (void)snprintf(found, PATH_MAX, "%.*s/" SYMBOLIZER, (int)length, path);
        if (access(found, X_OK) == 0) {
            return true;
        }
        path += length + (path[length] == ':' ? 1 : 0);
    }
    return false;
}

/* Debian builds in the path of the version that belongs to it. */
static bool find_built_in(const struct hdr_binary *binary, char found[PATH_MAX])
{
    for (int version = 1; version < 100; version++) {
        (void)snprintf(found, PATH_MAX, BUILT_IN "%d", version);
        if (access(found, X_OK) == 0 && hdr_binary_contains(binary, found)) {
            return true;
        }
    }
    return false;
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_binary *binary = examination->binary;
    char found[PATH_MAX];
    struct hdr_option option;
    const char *path = path_that_is_set(examination, &option);

    if (!binary->runtimes[HDR_TSAN].is_there && !binary->runtimes[HDR_ASAN].is_there &&
        !binary->runtimes[HDR_UBSAN].is_there && !binary->runtimes[HDR_LSAN].is_there &&
        !binary->runtimes[HDR_MSAN].is_there) {
        return;
    }
    if (has_its_own(binary)) {
        hdr_say(examination, HDR_OK, "built into its runtime, gcc's", NULL);
    } else if (path != NULL) {
        check_path(examination, path);
    } else if (find_on_path(examination->machine, found) || find_built_in(binary, found)) {
        hdr_say_of(examination, HDR_OK, NULL, "%.500s", found);
    } else {
        hdr_say(examination, HDR_FAIL,
                "llvm-symbolizer is not found: reports will have neither functions nor lines",
                install);
    }
}

const struct hdr_check hdr_check_symbolizer = {
    .name = "symbolizer",
    .summary = "whether its runtime finds what names functions and lines",
    .run = run,
};
