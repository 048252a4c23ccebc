/*
 * Record of a run: how a program was explored, in one search or several, and what came of it.
 *
 * With --json it is written to DIR/<program>.run.json (docs/FINDING_FORMAT.md), also when the run
 * was interrupted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_RECORD_H
#define HEDDLE_ENGINE_COMMAND_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "engine/command_run.h"

#define HDE_CONCLUSION_MAX 512U

/* Zero before the first search. */
struct hde_run_record {
    uint64_t began_ns; /* real time */
    uint64_t executions;
    uint64_t steps;
    const char *strategy; /* of the first search; NULL: a schedule was replayed */
    uint64_t longest;     /* executions of the search that `samples' are of */
    enum hd_verdict found;
    bool is_partial; /* not all was done: interrupted, cut, or workers died */
    json_t *findings;
    json_t *samples;
    json_t *lock_order;
    json_t *warnings;
};

/* What is to be said of the whole. */
struct hde_run_verdict {
    enum hd_verdict owes;
    bool is_judged; /* `is_as_owed' is known */
    bool is_as_owed;
    char conclusion[HDE_CONCLUSION_MAX];
};

/* Nothing is done, and nothing written later, without --json. */
void hde_run_record_begin(struct hde_run_record *record, const struct hde_command_line *line);

/* A search has ended, whose findings are of no interest; *run is as it left it. */
void hde_run_record_add_search(struct hde_run_record *record,
                               const struct hde_run *run,
                               const struct hde_tally *tally);

/* The same, with its findings. */
void hde_run_record_add(struct hde_run_record *record,
                        const struct hde_run *run,
                        const struct hde_tally *tally);

/* A finding was shown by a schedule, right after its replay. */
void hde_run_record_add_finding(struct hde_run_record *record, const struct hde_finding *finding);

/* Write it and release it. Returns false, having said why, if that is not possible. */
bool hde_run_record_end(struct hde_run_record *record,
                        const struct hde_command_line *line,
                        struct hde_selected selected,
                        const struct hde_run_verdict *verdict);

#endif
