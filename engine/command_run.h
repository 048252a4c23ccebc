/*
 * Run: one program, explored as the command line asks, with its findings collected.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_RUN_H
#define HEDDLE_ENGINE_COMMAND_RUN_H

#include "engine/collection.h"
#include "engine/command_finding.h"
#include "engine/command_line.h"
#include "engine/command_selection.h"
#include "engine/explore.h"
#include "engine/progress.h"

#define HDE_RUN_COMMAND_MAX 1024U

struct hde_run {
    const struct hde_command_line *line;
    struct hde_selected selected;
    struct hde_program program;
    struct hde_settings settings;
    const struct hde_strategy *strategy;
    struct hde_collection collection;
    struct hde_progress progress;
    struct hde_inversion *inversions; /* potential ones, each once */
    size_t inversions_count;
    size_t inversions_capacity;
    struct hde_nesting *nestings; /* in the order in which they came */
    size_t nestings_count;
    size_t nestings_capacity;
    struct hde_growth growth;
    size_t warnings_before; /* of this process, that were printed */
    bool keeps_going;
    unsigned jobs;
    unsigned preemptions;              /* of an exhaustive strategy */
    uint64_t until_ns;                 /* real time at which to stop; 0: never */
    char command[HDE_RUN_COMMAND_MAX]; /* that explores the same */
};

/* Get ready for executions: handlers and watchdog. Returns NULL, or which canary was not found. */
const char *hde_run_find_canaries(const struct hde_command_line *line);

/*
 * Get ready for executions: the folder of --json can be written to, and the canaries are found.
 * Returns whether that is so; if not, that is said.
 */
bool hde_run_prepare(const struct hde_command_line *line);

/* The settings that the command line asks for. */
struct hde_settings hde_run_settings(const struct hde_command_line *line);

/* How many warnings this process has printed. */
size_t hde_run_count_warnings(void);

/* What a report says of a finding of this run. */
struct hde_report_facts hde_run_facts(const struct hde_run *run, const struct hde_caught *caught);

/* Get ready for one program. `caught` is told of each finding, with *run; NULL: nobody is. */
void hde_run_begin(struct hde_run *run,
                   const struct hde_command_line *line,
                   struct hde_selected selected,
                   const struct hde_strategy *strategy,
                   void (*caught)(void *run,
                                  const struct hde_caught *caught,
                                  const struct hde_trace *trace));

/* Explore, up to `executions_max` executions. */
struct hde_tally hde_run_explore(struct hde_run *run, uint64_t executions_max);

void hde_run_end(struct hde_run *run);

#endif
