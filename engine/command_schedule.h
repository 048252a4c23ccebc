/*
 * Schedules as commands get them and leave them: in files, on the command line, or as the input of
 * a fuzz target.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_SCHEDULE_H
#define HEDDLE_ENGINE_COMMAND_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/command_line.h"
#include "engine/command_selection.h"
#include "engine/finding.h"
#include "engine/schedule.h"
#include "engine/schedule_text.h"
#include "engine/trace.h"

/* Where a schedule comes from. */
struct hde_schedule_origin {
    const char *program;
    const char *strategy; /* NULL: not known */
    uint64_t seed;
    const struct hde_finding *finding;
    const struct hde_command_line *line; /* with which it was found */
};

/* Write a schedule, whose replay is `trace`, to a file. False, with errno, if that fails. */
bool hde_command_schedule_write(const struct hde_schedule_origin *origin,
                                const struct hde_schedule *schedule,
                                const struct hde_trace *trace,
                                FILE *file);

/*
 * The program and the schedule that a command line names: `FILE', `NAME --schedule=TEXT', or `NAME
 * --input=FILE', which is run to see what schedule it makes. Returns false if there is something
 * wrong, which has been said. The schedule is the caller's to release. `recorded` becomes the kind
 * of finding that a file says it shows, or empty. What a file says of budgets and ignored kinds is
 * added to the command line.
 */
bool hde_command_schedule_read(struct hde_command_line *line,
                               struct hde_selected *selected,
                               struct hde_schedule *schedule,
                               char recorded[HDE_FIELD_SIZE]);

#endif
