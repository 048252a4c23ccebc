/*
 * Schedules as commands get them and leave them.
 *
 * A file says of which program and which build it is. In another build, event numbers may mean
 * other events: its choices are looked for by their anchors there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_schedule.h"

#include <stdio.h>
#include <string.h>

#include "engine/anchor.h"
#include "engine/command_budgets.h"
#include "engine/command_input.h"
#include "engine/command_run.h"
#include "engine/sanitizer.h"
#include "engine/schedule_file.h"
#include "engine/symbol.h"

/* ---- Writing --------------------------------------------------------------------------------- */

static void fill_header(struct hde_schedule_header *header,
                        const struct hde_schedule_origin *origin)
{
    const char *strategy = origin->strategy == NULL ? "" : origin->strategy;

    header->seed = origin->seed;
    (void)snprintf(header->program, sizeof(header->program), "%s", origin->program);
    (void)snprintf(header->build, sizeof(header->build), "%s", hde_symbol_build_id());
    (void)snprintf(header->flavour, sizeof(header->flavour), "%s", hde_sanitizer_flavour);
    (void)snprintf(header->memory, sizeof(header->memory), "sc");
    (void)snprintf(header->strategy, sizeof(header->strategy), "%s", strategy);
    (void)snprintf(header->finding, sizeof(header->finding), "%s",
                   hde_verdict_identifier(origin->finding->kind));
    hde_command_ignored_spell(origin->line->ignored, header->ignore);
    hde_command_budgets_spell(&origin->line->budgets, header->budget);
    if (origin->line->reuses_memory) {
        (void)snprintf(header->heap, sizeof(header->heap), "reused");
    }
}

bool hde_command_schedule_write(const struct hde_schedule_origin *origin,
                                const struct hde_schedule *schedule,
                                const struct hde_trace *trace,
                                FILE *file)
{
    struct hde_schedule_text text = {0};

    fill_header(&text.header, origin);
    hde_anchor_append(&text, schedule, trace);

    bool is_written = hde_schedule_text_write(&text, file);

    hde_schedule_text_release(&text);
    return is_written;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Give a schedule that another build recorded the event numbers of this one. */
static void adapt(struct hde_schedule_text *text,
                  const struct hde_command_line *line,
                  struct hde_selected selected)
{
    struct hde_program program = hde_scenario_program(selected.scenario, selected.is_fixed);
    struct hde_settings settings = hde_run_settings(line);

    if (!hde_schedule_file_is_foreign(text)) {
        return;
    }
    hde_execution_start();

    size_t lost = hde_anchor_find(&program, &settings, text);

    (void)fprintf(stderr,
                  "heddle: warning: recorded with another build of this program: its choices were "
                  "looked for by their source lines, and %zu of %zu were not found\n",
                  lost, text->schedule.count);
}

/* What the header says is as if the command line said it first; the latter is what counts. */
static bool take_options(struct hde_command_line *line, const struct hde_schedule_header *header)
{
    struct hde_budgets given = line->budgets;

    line->reuses_memory = line->reuses_memory || strcmp(header->heap, "reused") == 0;
    if ((header->ignore[0] != '\0' &&
         !hde_command_ignored_parse(&line->ignored, "replay", header->ignore)) ||
        (header->budget[0] != '\0' &&
         !hde_command_budgets_parse(&line->budgets, "replay", header->budget))) {
        return false;
    }
    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        if (given.of[kind] != hde_budgets_default.of[kind]) {
            line->budgets.of[kind] = given.of[kind];
        }
    }
    return true;
}

/* What a file was written for; and where, if what watched there does not watch here. */
static void say_recorded(const struct hde_schedule_header *header, char recorded[HDE_FIELD_SIZE])
{
    bool is_elsewhere =
        header->flavour[0] != '\0' && strcmp(header->flavour, hde_sanitizer_flavour) != 0;

    (void)snprintf(recorded, HDE_FIELD_SIZE, "%.100s%s%.100s", header->finding,
                   is_elsewhere ? ", in flavour " : "", is_elsewhere ? header->flavour : "");
}

static bool read_file(struct hde_command_line *line,
                      struct hde_selected *selected,
                      struct hde_schedule *schedule,
                      char recorded[HDE_FIELD_SIZE])
{
    struct hde_schedule_text text = {0};
    char error[HDE_SCHEDULE_ERROR_SIZE];
    bool is_read = hde_schedule_file_read(&text, line->operands[0], error);

    if (!is_read) {
        (void)fprintf(stderr, "heddle: %s\n", error);
    } else {
        *selected = hde_selection_named(text.header.program);
        is_read = selected->scenario != NULL && take_options(line, &text.header);
    }
    if (is_read) {
        adapt(&text, line, *selected);
        hde_schedule_copy(schedule, &text.schedule);
        say_recorded(&text.header, recorded);
    }
    hde_schedule_text_release(&text);
    return is_read;
}

static bool read_argument(const char *name,
                          const char *argument,
                          struct hde_selected *selected,
                          struct hde_schedule *schedule)
{
    char error[HDE_SCHEDULE_ERROR_SIZE];

    *selected = hde_selection_named(name);
    if (selected->scenario == NULL) {
        return false;
    }
    if (!hde_schedule_expand(schedule, argument, error)) {
        (void)fprintf(stderr, "heddle: %s\n", error);
        return false;
    }
    return true;
}

bool hde_command_schedule_read(struct hde_command_line *line,
                               struct hde_selected *selected,
                               struct hde_schedule *schedule,
                               char recorded[HDE_FIELD_SIZE])
{
    *schedule = (struct hde_schedule){0};
    recorded[0] = '\0';
    if (line->operands_count != 1) {
        (void)fputs("heddle: needs one operand: a schedule file, or, with --schedule or --input, "
                    "a name\n",
                    stderr);
        return false;
    }
    if (line->schedule != NULL && line->input != NULL) {
        (void)fputs("heddle: --schedule and --input both say what to run: leave one out\n", stderr);
        return false;
    }
    if (line->input != NULL) {
        return hde_command_input_run(line, selected, schedule);
    }
    return line->schedule == NULL
               ? read_file(line, selected, schedule, recorded)
               : read_argument(line->operands[0], line->schedule, selected, schedule);
}
