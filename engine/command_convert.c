/*
 * heddle convert: the input of a fuzz target becomes a schedule, and a schedule an input.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/command.h"
#include "engine/command_divergence.h"
#include "engine/command_input.h"
#include "engine/command_run.h"
#include "engine/command_schedule.h"
#include "engine/replay.h"
#include "engine/watchdog.h"

static bool write_file(const struct hde_schedule_origin *origin,
                       const struct hde_schedule *schedule,
                       const struct hde_trace *trace,
                       const char *path)
{
    FILE *file = fopen(path, "w");
    bool is_written = file != NULL && hde_command_schedule_write(origin, schedule, trace, file);

    return file != NULL && fclose(file) == 0 && is_written;
}

/* Replays it once, for the source lines of its choices. */
static enum hde_exit write_schedule(const struct hde_command_line *line,
                                    struct hde_selected selected,
                                    const struct hde_schedule *schedule)
{
    const struct hde_program program = hde_scenario_program(selected.scenario, selected.is_fixed);
    const struct hde_settings settings = hde_run_settings(line);
    const struct hde_finding nothing = {.kind = HD_CLEAN};
    struct hde_divergence divergence;
    struct hde_trace trace = {0};
    enum hde_exit code = HDE_EXIT_CLEAN;

    hde_replay(&program, &settings, schedule, &divergence, &trace);
    const struct hde_schedule_origin origin = {
        .program = program.name,
        .strategy = "input",
        .finding = hde_execution.findings_count > 0 ? &hde_execution.findings[0] : &nothing,
        .line = line,
    };

    if (divergence.has_diverged) {
        hde_command_print_divergence(&divergence);
        code = HDE_EXIT_DIVERGED;
    } else if (!write_file(&origin, schedule, &trace, line->output)) {
        (void)fprintf(stderr, "heddle: cannot write %s: %s\n", line->output, strerror(errno));
        code = HDE_EXIT_USAGE;
    }
    hde_trace_release(&trace);
    return code;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hde_command_line own = *line;
    struct hde_selected selected;
    struct hde_schedule schedule;
    char recorded[HDE_FIELD_SIZE];
    enum hde_exit code = HDE_EXIT_CLEAN;

    if (line->output == NULL) {
        (void)fputs("heddle convert: --output=FILE is missing\nsee: heddle convert --help\n",
                    stderr);
        return HDE_EXIT_USAGE;
    }
    if (!hde_command_schedule_read(&own, &selected, &schedule, recorded)) {
        return HDE_EXIT_USAGE;
    }
    hde_execution_start();
    hde_watchdog_start((unsigned)own.watchdog_s, NULL);
    if (line->input != NULL) {
        code = write_schedule(&own, selected, &schedule);
    } else if (!hde_command_input_write(&schedule, line->output)) {
        code = HDE_EXIT_USAGE;
    }
    hde_schedule_release(&schedule);
    return code;
}

const struct hde_command hde_command_convert = {
    .name = "convert",
    .operands = "--output=FILE NAME --input=FILE | FILE | NAME --schedule=TEXT",
    .summary = "make a schedule of a fuzz target's input, or an input of a schedule",
    .details =
        "With --input, what is written to --output is a schedule as text; it is not shrunk.\n"
        "Without, it is an input: a seed for the target of that program. It runs with the\n"
        "target's own budgets, not with those that the schedule was found with.\n"
        "Exit: 0 written; 2 usage, or a file could not be read or written; 4 it could not\n"
        "be followed.",
    .options = HDE_FOR_CONVERT,
    .run = run,
};
