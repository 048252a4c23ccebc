/*
 * heddle doctor: whether this machine and these programs can be relied on to find anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/check.h"
#include "engine/command.h"
#include "engine/command_run.h"
#include "engine/nearest.h"

static const struct hde_command_line *given;

static const char *find_canaries(void) { return hde_run_find_canaries(given); }

/* ---- Names of checks ------------------------------------------------------------------------- */

static const struct hdr_check *find_check(const char *name, size_t length)
{
    for (const struct hdr_check *const *check = hdr_doctor; *check != NULL; check++) {
        if (strlen((*check)->name) == length && strncmp((*check)->name, name, length) == 0) {
            return *check;
        }
    }
    return NULL;
}

static bool refuse_check(const char *name, size_t length)
{
    char wanted[32];
    struct hde_nearest nearest;

    (void)snprintf(wanted, sizeof(wanted), "%.*s", (int)length, name);
    nearest = hde_nearest_to(wanted);
    for (const struct hdr_check *const *check = hdr_doctor; *check != NULL; check++) {
        hde_nearest_offer(&nearest, (*check)->name);
    }
    (void)fprintf(stderr, "heddle doctor: there is no check `%s'", wanted);
    hde_nearest_print(&nearest, "");
    (void)fputs("see: heddle doctor --help\n", stderr);
    return false;
}

static bool are_checks(const char *list)
{
    while (list != NULL) {
        size_t length = strcspn(list, ",");

        if (find_check(list, length) == NULL) {
            return refuse_check(list, length);
        }
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return true;
}

/* ---- Programs -------------------------------------------------------------------------------- */

static void
examine_program(struct hdr_examination *examination, const char *path, const char *shown)
{
    char error[HDR_BINARY_ERROR_SIZE];
    struct hdr_binary *binary = hdr_binary_open(path, error);

    if (binary == NULL) {
        (void)fprintf(stderr, "heddle doctor: %s: %s\n", shown, error);
        examination->is_incomplete = true;
        return;
    }
    examination->binary = binary;
    examination->program = path;
    (void)fprintf(examination->stream, "\n%s\n", shown);
    hdr_examine(examination, given->check);
    examination->binary = NULL;
    hdr_binary_close(binary);
}

static enum hde_exit conclude(const struct hdr_examination *examination)
{
    (void)printf("\n%u ok, %u to know, %u to look at, %u broken\n", examination->count[HDR_OK],
                 examination->count[HDR_NOTE], examination->count[HDR_WARN],
                 examination->count[HDR_FAIL]);
    if (examination->count[HDR_FAIL] != 0) {
        return HDE_EXIT_FINDINGS;
    }
    return examination->is_incomplete ? HDE_EXIT_INCONCLUSIVE : HDE_EXIT_CLEAN;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hdr_machine machine;
    struct hdr_examination examination = {.machine = &machine, .stream = stdout};

    if (!are_checks(line->check)) {
        return HDE_EXIT_USAGE;
    }
    given = line;
    hdr_machine_read(&machine);
    hdr_examine(&examination, line->check);
    for (size_t i = 0; i < line->operands_count; i++) {
        examine_program(&examination, line->operands[i], line->operands[i]);
    }
    if (line->operands_count == 0) {
        examination.find_canaries = find_canaries;
        examine_program(&examination, "/proc/self/exe", line->program);
    }
    return conclude(&examination);
}

static void print_checks(void)
{
    (void)puts("\nChecks:");
    for (const struct hdr_check *const *check = hdr_doctor; *check != NULL; check++) {
        (void)printf("  %-16s %s\n", (*check)->name, (*check)->summary);
    }
}

const struct hde_command hde_command_doctor = {
    .name = "doctor",
    .operands = "[PROGRAM...]",
    .summary = "whether this machine and a program can be relied on to find anything",
    .details =
        "PROGRAM is any program with a sanitizer, or one of scenarios; without one, this command\n"
        "itself. Nothing of a program is run, but the `doctor' of one of scenarios. What the\n"
        "checks say, and what to do: docs/DOCTOR.md.\n"
        "Exit: 0 nothing is broken; 1 something is; 2 usage; 3 something could not be tried.",
    .options = HDE_FOR_DOCTOR,
    .print_more = print_checks,
    .run = run,
};
