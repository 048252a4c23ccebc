/*
 * ThreadSanitizer reports each race that is known to be inside Concurrency Kit, and names the
 * functions: so it would have seen one in the tests that must be silent.
 *
 * Runs every program known_race_* that stands beside this one; only where these are compiled for
 * ThreadSanitizer.
 *
 * SPDX-License-Identifier: MIT
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/reference/suite.h"

/* The exit code after a report; and how many races README.md lists, at least. */
enum { REPORTED = 66, RACES_MIN = 6 };

enum { OUTPUT_SIZE = 1 << 16, PATH_SIZE = 4096 };

/* The path of this program up to and with the last slash. */
static char folder[PATH_SIZE];

static void enter_folder(void)
{
    if (readlink("/proc/self/exe", folder, sizeof(folder) - 1) < 0) {
        abort();
    }
    strrchr(folder, '/')[1] = '\0';
}

/* Never returns. Of equal options the last counts. */
static void become(const char *program)
{
    const char *given = secure_getenv("TSAN_OPTIONS");
    char options[PATH_SIZE];
    char path[2 * PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s%s", folder, program);
    (void)snprintf(options, sizeof(options),
                   "TSAN_OPTIONS=%s:exitcode=%d:halt_on_error=1:atexit_sleep_ms=0:log_path=stderr",
                   given == NULL ? "" : given, REPORTED);
    (void)execl("/usr/bin/env", "env", options, path, (char *)NULL);
    _exit(127);
}

/* Reads until the end, or until `output` is full. */
static void read_all(int end, char *output)
{
    size_t used = 0;
    ssize_t got;

    do {
        got = read(end, output + used, OUTPUT_SIZE - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    output[used] = '\0';
}

/* Runs `program`; what it says goes to `output`. Returns the status of wait(). */
static int run(const char *program, char *output)
{
    int ends[2];
    pid_t child;
    int status;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        become(program);
    }
    (void)close(ends[1]);
    read_all(ends[0], output);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* Whether a stack in the report names `function`. */
static bool is_named(const char *report, const char *function)
{
    char frame[PATH_SIZE];
    unsigned depth = 0;

    do {
        (void)snprintf(frame, sizeof(frame), "#%u %s ", depth, function);
    } while (strstr(report, frame) == NULL && ++depth < 8);
    return depth < 8;
}

/* The first of the functions that the program promises and the report does not name, or NULL. */
static const char *find_unnamed(char *promise, const char *report)
{
    char *rest = NULL;
    const char *function = strtok_r(promise, " ", &rest);

    while (function != NULL && is_named(report, function)) {
        function = strtok_r(NULL, " ", &rest);
    }
    return function;
}

static void test_race_is_reported(void **state)
{
    static char output[OUTPUT_SIZE];
    const char *program = hd_suite_subject(state);
    int status = run(program, output);
    const char *report = strstr(output, "WARNING: ThreadSanitizer: data race");
    char promise[PATH_SIZE] = "";
    const char *unnamed;

    if (report == NULL || !WIFEXITED(status) || WEXITSTATUS(status) != REPORTED) {
        fail_msg("no race is reported, status %#x: %s; reproduce: %s%s", (unsigned)status, output,
                 folder, program);
        return;
    }
    assert_int_equal(sscanf(output, "functions: %4095[^\n]", promise), 1);
    unnamed = find_unnamed(promise, report);
    if (unnamed != NULL) {
        fail_msg("%s is not named in: %s; reproduce: %s%s", unnamed, report, folder, program);
    }
}

static int is_race(const struct dirent *entry)
{
    return strncmp(entry->d_name, "known_race_", strlen("known_race_")) == 0;
}

int main(void)
{
    struct dirent **entries;
    int count;

    enter_folder();
    count = scandir(folder, &entries, is_race, alphasort);
    if (count < RACES_MIN) {
        (void)fprintf(stderr, "known_races: %d programs %sknown_race_*\n", count, folder);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        hd_suite_add("reported", entries[i]->d_name, test_race_is_reported, entries[i]->d_name);
    }
    return hd_suite_run("known_races");
}
