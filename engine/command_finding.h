/*
 * What commands do with a finding: print it, and write it to files.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_FINDING_H
#define HEDDLE_ENGINE_COMMAND_FINDING_H

#include <stdbool.h>

#include "engine/collection.h"
#include "engine/command_line.h"
#include "engine/command_selection.h"
#include "engine/inversion.h"

/* What a report says besides the finding. */
struct hde_report_facts {
    struct hde_selected selected;
    const char *program;  /* lost_update */
    const char *strategy; /* NULL: it was replayed */
    uint64_t executions;  /* until it was found; 0: not counted */
};

/*
 * Print a finding, right after its schedule was replayed with `trace`; with --json also write
 * DIR/<program>.<identity>.json and .schedule. Returns false, with the reason on stderr, if a file
 * could not be written.
 */
bool hde_command_tell(const struct hde_command_line *line,
                      const struct hde_report_facts *facts,
                      const struct hde_caught *caught,
                      const struct hde_trace *trace);

/* The same without a word, unless something is wrong. */
bool hde_command_keep(const struct hde_command_line *line,
                      const struct hde_report_facts *facts,
                      const struct hde_caught *caught,
                      const struct hde_trace *trace);

/* The command that replays a schedule of a program. The caller frees it. */
char *hde_command_replay_line(const struct hde_command_line *line,
                              const char *program,
                              const struct hde_schedule *schedule);

/*
 * Say that a circle of locks was not reached: to stdout and, with --json, in a file of its own, a
 * note and no record of a finding. Returns whether it could be written.
 */
bool hde_command_note(const struct hde_command_line *line,
                      const char *program,
                      const struct hde_inversion *inversion);

#endif
