/*
 * Report lanes: rows side by side, a column for each thread, in schedule order from top to bottom.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_LANES_H
#define HEDDLE_ENGINE_REPORT_LANES_H

#include <stdio.h>

#include "engine/report_rows.h"

/* Print `rows`, as ci/report/lanes.h says. */
void hde_lanes_print(const struct hde_rows *rows, const struct hde_report *report, FILE *file);

#endif
