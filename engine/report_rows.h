/*
 * Report rows: which steps of a trace a reader needs, as source lines in schedule order.
 *
 * A row is a run of steps of one thread on one line with no other thread's row in between. Shown
 * are: what synchronizes, and accesses to memory that several threads use and one of them writes;
 * nothing of what was before a second thread existed, nothing after the finding. A step within a
 * primitive stands at the line that called it. If that is too much, only what the finding touches
 * is shown, and of that the ends and what leads to the marked rows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_ROWS_H
#define HEDDLE_ENGINE_REPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/report.h"

#define HDE_ACTION_SIZE 48U

struct hde_row {
    struct hde_source source;
    const struct hde_trace_step *step; /* its first; NULL: was about to happen at the end */
    const struct hde_trace_step *last; /* the same, its last */
    size_t left_out;                   /* rows before this one that are not shown */
    uint32_t kinds;                    /* of its events, one bit each: what the line may not say */
    uint32_t times;                    /* in a row: more than 1 for the rows of a loop */
    uint8_t thread;
    bool is_marked;               /* has part in the finding */
    bool is_end;                  /* the finding itself: here it waits for ever, fails ... */
    bool is_gone;                 /* after it the thread ended, still holding a lock */
    bool is_vain;                 /* notifies nobody */
    char action[HDE_ACTION_SIZE]; /* "read", "stuck"; "" if the line says it all */
};

struct hde_rows {
    struct hde_row *rows;
    size_t count;
    size_t capacity;
};

/* Whether the execution went on after the finding: what comes later is not shown. */
static inline bool hde_report_goes_on(const struct hde_finding *finding)
{
    return finding->kind == HD_DATA_RACE || finding->kind == HD_NOT_LINEARIZABLE;
}

/* Fill `rows`, which is zero before the first use. */
void hde_rows_take(struct hde_rows *rows, const struct hde_report *report);

void hde_rows_release(struct hde_rows *rows);

/* The step that a place of the finding is; NULL if it was about to happen, or is not known. */
const struct hde_trace_step *hde_report_step(const struct hde_report *report, unsigned place);

#endif
