/*
 * What commands do with a finding: text for people, files for programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_finding.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/command_budgets.h"
#include "engine/command_judge.h"
#include "engine/command_schedule.h"
#include "engine/fatal.h"
#include "engine/output_file.h"
#include "engine/report.h"
#include "engine/schedule_text.h"
#include "engine/source_file.h"

#define NAME_SIZE 512U

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

static bool write_record(const char *folder, const struct hde_report *report, const char *identity)
{
    struct hde_output_file output;
    char name[NAME_SIZE];

    (void)snprintf(name, sizeof(name), "%s.%s.json", report->program, identity);
    return hde_output_file_open(&output, folder, name) &&
           hde_output_file_close(&output, hde_report_json(report, output.file) == 0);
}

static bool write_schedule(const char *folder,
                           const struct hde_schedule_origin *origin,
                           const struct hde_caught *caught,
                           const struct hde_trace *trace)
{
    struct hde_output_file output;
    char identity[HDE_IDENTITY_SIZE];
    char name[NAME_SIZE];

    hde_finding_identify(&caught->finding, identity);
    (void)snprintf(name, sizeof(name), "%s.%s.schedule", origin->program, identity);
    return hde_output_file_open(&output, folder, name) &&
           hde_output_file_close(
               &output, hde_command_schedule_write(origin, &caught->schedule, trace, output.file));
}

static bool write_files(const struct hde_report *report,
                        const struct hde_command_line *line,
                        const struct hde_caught *caught)
{
    const struct hde_schedule_origin origin = {
        .program = report->program,
        .strategy = report->strategy,
        .seed = report->seed,
        .finding = &caught->finding,
        .line = line,
    };
    char identity[HDE_IDENTITY_SIZE];

    hde_finding_identify(&caught->finding, identity);
    return write_record(line->json, report, identity) &&
           write_schedule(line->json, &origin, caught, report->trace);
}

bool hde_command_note(const struct hde_command_line *line,
                      const char *program,
                      const struct hde_inversion *inversion)
{
    struct hde_output_file output;
    char identity[HDE_INVERSION_IDENTITY_SIZE];
    char name[NAME_SIZE];

    hde_inversion_print(inversion, program, stdout);
    if (line->json == NULL) {
        return true;
    }
    hde_inversion_identify(inversion, identity);
    (void)snprintf(name, sizeof(name), "%s.%s.note.json", program, identity);
    return hde_output_file_open(&output, line->json, name) &&
           hde_output_file_close(&output, hde_inversion_json(inversion, program, output.file) == 0);
}

/* Print what was caught, if it is to be told, and write its files, if there are to be any. */
static bool give(const struct hde_command_line *line,
                 const struct hde_report_facts *facts,
                 const struct hde_caught *caught,
                 const struct hde_trace *trace,
                 bool is_told)
{
    struct hde_command_line own = *line;
    char *schedule = hde_schedule_shorten(&caught->schedule);
    char *replay = hde_command_replay_line(line, facts->program, &caught->schedule);
    struct hde_report report = {
        .program = facts->program,
        .strategy = facts->strategy,
        .seed = line->seed,
        .executions = facts->executions,
        .preemptions = caught->shrunk.preemptions,
        .owed =
            hde_judge_is_owed(facts->selected.scenario, facts->selected.is_fixed, &caught->finding)
                ? HDE_OWED
                : HDE_OWED_NOT,
        .finding = &caught->finding,
        .trace = trace,
        .schedule = schedule,
        .replay = replay,
    };
    bool is_written = true;

    if (is_told) {
        hde_report_text(&report, stdout);
        (void)fflush(stdout);
    }
    if (line->json != NULL) {
        free(replay);
        own.program = hde_source_file_program(line->program);
        replay = hde_command_replay_line(&own, facts->program, &caught->schedule);
        report.replay = replay;
        is_written = write_files(&report, line, caught);
    }
    free(schedule);
    free(replay);
    return is_written;
}

bool hde_command_tell(const struct hde_command_line *line,
                      const struct hde_report_facts *facts,
                      const struct hde_caught *caught,
                      const struct hde_trace *trace)
{
    return give(line, facts, caught, trace, true);
}

bool hde_command_keep(const struct hde_command_line *line,
                      const struct hde_report_facts *facts,
                      const struct hde_caught *caught,
                      const struct hde_trace *trace)
{
    return give(line, facts, caught, trace, false);
}
