/*
 * Whether a planted race and a planted deadlock are found, in each program of scenarios: one that
 * cannot find these finds nothing.
 *
 * In another program than this one, they are looked for by its own `doctor'.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ci/report/check.h"

static const char anew[] =
    "build it anew in an empty folder; if that does not help, report it as a bug";

static void judge(struct hdr_examination *examination, const char *missed)
{
    if (missed == NULL) {
        hdr_say(examination, HDR_OK, "the planted race and the planted deadlock were found", NULL);
    } else {
        hdr_say_of(examination, HDR_FAIL, anew, "%s was not found: neither would anything else be",
                   missed);
    }
}

/* The exit code of its own `doctor'; -1 if it did not end by itself. *error is that of starting. */
static int ask(const struct hdr_examination *examination, int *error)
{
    char command[] = "doctor";
    char only[] = "--check=canaries";
    char *arguments[] = {(char *)(uintptr_t)examination->program, command, only, NULL};
    posix_spawn_file_actions_t silently;
    pid_t child;
    int status = 0;

    *error = posix_spawn_file_actions_init(&silently);
    if (*error == 0) {
        *error =
            posix_spawn_file_actions_addopen(&silently, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    if (*error == 0) {
        *error = posix_spawn(&child, examination->program, &silently, NULL, arguments,
                             (char *const *)(uintptr_t)examination->machine->environment);
    }
    while (*error == 0 && waitpid(child, &status, 0) < 0) {
        *error = errno == EINTR ? 0 : errno;
    }
    (void)posix_spawn_file_actions_destroy(&silently);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void judge_other(struct hdr_examination *examination)
{
    int error = 0;
    int code = ask(examination, &error);

    if (error != 0) {
        examination->is_incomplete = true;
        hdr_say_of(examination, HDR_WARN, NULL, "it could not be started: %s", strerror(error));
    } else if (code == 0) {
        judge(examination, NULL);
    } else {
        hdr_say_of(examination, HDR_FAIL, anew,
                   "a planted bug was not found: see %s doctor --check=canaries",
                   examination->program);
    }
}

static void run(struct hdr_examination *examination)
{
    if (examination->find_canaries != NULL) {
        judge(examination, examination->find_canaries());
    } else if (examination->binary->runtimes[HDR_HEDDLE].is_there &&
               hdr_binary_defines(examination->binary, "hde_command_doctor")) {
        judge_other(examination);
    }
}

const struct hdr_check hdr_check_canaries = {
    .name = "canaries",
    .summary = "whether a planted race and a planted deadlock are found",
    .run = run,
};
