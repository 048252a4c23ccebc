/*
 * Report history: the operations of an object whose results nothing explains, as a reader sees
 * them.
 *
 * Taken like any part of a report (report.h). Only findings HD_NOT_LINEARIZABLE have a history.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_HISTORY_H
#define HEDDLE_ENGINE_REPORT_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/contract.h"
#include "engine/report.h"

#define HDE_HISTORY_ROWS_MAX 24U

/* An operation that had been called when the one to blame returned. Moments count from 0. */
struct hde_history_row {
    uint32_t number; /* of the operation */
    uint32_t called;
    uint32_t returned;     /* HDE_NEVER: not by then */
    uint32_t takes_effect; /* its rank in the order that explains most; HDE_NEVER: none */
    bool is_blamed;
};

struct hde_history_rows {
    uint32_t count;
    uint32_t left_out; /* before the first row */
    uint32_t moments;
    struct hde_history_row rows[HDE_HISTORY_ROWS_MAX]; /* in the order of their calls */
};

/* False if the finding has no history, or the execution was another one. */
bool hde_report_history_take(struct hde_history_rows *rows, const struct hde_finding *finding);

/* The operation that a place is; HDE_NO_OPERATION if it is not known. */
uint32_t hde_report_history_operation(const struct hde_finding *finding, unsigned place);

void hde_report_history_print(const struct hde_finding *finding, FILE *file);

#endif
