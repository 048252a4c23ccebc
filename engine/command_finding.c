/*
 * What commands do with a finding: text for people, files for programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_finding.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/command_budgets.h"
#include "engine/command_schedule.h"
#include "engine/fatal.h"
#include "engine/report.h"
#include "engine/schedule_text.h"

#define PATH_SIZE 4096U

char *hde_command_replay_line(const struct hde_command_line *line,
                              const char *program,
                              const struct hde_schedule *schedule)
{
    char *text = hde_schedule_shorten(schedule);
    char *command = NULL;
    char given[HDE_GIVEN_TEXT_MAX];

    hde_command_line_spell(line, given);
    if (text == NULL || asprintf(&command, "%s replay %s%s --schedule=%s", line->program, program,
                                 given, text) < 0) {
        hde_fatal_errno("no memory for a schedule");
    }
    free(text);
    return command;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static bool complain(const char *path)
{
    (void)fprintf(stderr, "heddle: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

static bool close_written(FILE *file, bool is_written, const char *path)
{
    bool is_closed = fclose(file) == 0;

    return is_written && is_closed ? true : complain(path);
}

static bool write_json(const struct hde_report *report, const char *path)
{
    FILE *file = fopen(path, "w");

    return file == NULL ? complain(path)
                        : close_written(file, hde_report_json(report, file) == 0, path);
}

static bool write_files(const struct hde_report *report,
                        const struct hde_command_line *line,
                        const struct hde_caught *caught)
{
    const char *folder = line->json;
    char identity[HDE_IDENTITY_SIZE];
    char path[PATH_SIZE];

    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return complain(folder);
    }
    hde_finding_identify(&caught->finding, identity);
    (void)snprintf(path, sizeof(path), "%s/%s.%s.json", folder, report->program, identity);
    if (!write_json(report, path)) {
        return false;
    }
    (void)snprintf(path, sizeof(path), "%s/%s.%s.schedule", folder, report->program, identity);

    const struct hde_schedule_origin origin = {
        .program = report->program,
        .strategy = report->strategy,
        .seed = report->seed,
        .finding = &caught->finding,
        .line = line,
    };

    return hde_command_schedule_write(&origin, &caught->schedule, report->trace, path)
               ? true
               : complain(path);
}

bool hde_command_note(const struct hde_command_line *line,
                      const char *program,
                      const struct hde_inversion *inversion)
{
    char identity[HDE_INVERSION_IDENTITY_SIZE];
    char path[PATH_SIZE];

    hde_inversion_print(inversion, program, stdout);
    if (line->json == NULL) {
        return true;
    }
    if (mkdir(line->json, 0777) != 0 && errno != EEXIST) {
        return complain(line->json);
    }
    hde_inversion_identify(inversion, identity);
    (void)snprintf(path, sizeof(path), "%s/%s.%s.note.json", line->json, program, identity);

    FILE *file = fopen(path, "w");

    return file == NULL
               ? complain(path)
               : close_written(file, hde_inversion_json(inversion, program, file) == 0, path);
}

bool hde_command_tell(const struct hde_command_line *line,
                      const struct hde_report_facts *facts,
                      const struct hde_caught *caught,
                      const struct hde_trace *trace)
{
    char *schedule = hde_schedule_shorten(&caught->schedule);
    char *replay = hde_command_replay_line(line, facts->program, &caught->schedule);
    const struct hde_report report = {
        .program = facts->program,
        .strategy = facts->strategy,
        .seed = line->seed,
        .executions = facts->executions,
        .preemptions = caught->shrunk.preemptions,
        .finding = &caught->finding,
        .trace = trace,
        .schedule = schedule,
        .replay = replay,
    };

    hde_report_text(&report, stdout);
    (void)fflush(stdout);

    bool is_written = line->json == NULL || write_files(&report, line, caught);

    free(schedule);
    free(replay);
    return is_written;
}
