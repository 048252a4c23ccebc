/*
 * The sheet: all cells of a comparison, kept in a file as they are measured.
 *
 *     # seeds 20 executions 100000 steps 20000000
 *     lost_update<TAB>random<TAB>100000<TAB>1 3 1 ...
 *
 * So a comparison that was interrupted goes on where it was. A line is written in one piece:
 * processes may write to the same file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_STRATEGIES_TABLE_SHEET_H
#define HEDDLE_TESTS_STRATEGIES_TABLE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/strategies/table_cell.h"

#define TABLE_STRATEGIES_MAX 32U
#define TABLE_SUBJECTS_MAX 512U

struct table_sheet {
    struct table_bounds bounds;
    const struct hde_strategy *strategies[TABLE_STRATEGIES_MAX];
    size_t strategies_count;
    const struct subject *subjects[TABLE_SUBJECTS_MAX];
    size_t subjects_count;
    struct table_cell cells[TABLE_SUBJECTS_MAX][TABLE_STRATEGIES_MAX]; /* seeds 0: not measured */
};

/* Take over what the file says of this sheet; false, with a message, if it has other bounds. */
bool table_sheet_read(struct table_sheet *sheet, const char *path);

/* Measure what is missing in `jobs` processes, and append it to the file, which is then read. */
bool table_sheet_measure(struct table_sheet *sheet, const char *path, unsigned jobs);

/* Markdown. */
void table_sheet_print(const struct table_sheet *sheet);

#endif
