/*
 * Row of verify: what is known of one scenario and its repaired twin, as a line of the table that
 * `heddle verify' prints.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_VERIFY_ROW_H
#define HEDDLE_ENGINE_COMMAND_VERIFY_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/command_judge.h"
#include "engine/command_line.h"
#include "engine/command_record.h"

#define HDE_SHARE_EXECUTIONS 5000U
#define HDE_EXHAUST_EXECUTIONS 300000U

struct hde_verify_row {
    struct hde_judgement judgement;
    struct hde_run_record record; /* of the program, then of its twin */
    const struct hde_scenario *scenario;
    enum hd_verdict found;
    uint64_t to_finding; /* executions; 0: not found */
    uint64_t to_harm;    /* executions until something fails other than a race; 0: never */
    double share;        /* of executions that show a finding */
    unsigned preemptions;
    uint64_t twin_executions; /* clean ones; 0: no twin, or not looked at */
    bool is_stored;           /* a schedule was replayed, not searched for */
    bool is_cut_short;        /* --exhaust: there are more than HDE_EXHAUST_EXECUTIONS */
    char *replay;             /* NULL: nothing to replay */
};

void hde_verify_row_heading(void);

/* The row, with what was wrong, to stdout. */
void hde_verify_row_print(const struct hde_verify_row *row, const struct hde_command_line *line);

/* What the columns are, and how many scenarios there were. */
void hde_verify_row_legend(size_t scenarios, size_t wrong);

/* What came of the part that `record' is of, in one sentence. */
void hde_verify_row_conclude(const struct hde_verify_row *row, char text[HDE_CONCLUSION_MAX]);

#endif
