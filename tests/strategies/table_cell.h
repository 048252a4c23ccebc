/*
 * Cells: how long one strategy took to find what one program owes, seed by seed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_STRATEGIES_TABLE_CELL_H
#define HEDDLE_TESTS_STRATEGIES_TABLE_CELL_H

#include <stdint.h>

#include "tests/strategies/subject.h"

#define TABLE_SEEDS_MAX 100U

/* How long a search may be. */
struct table_bounds {
    unsigned seeds;
    uint64_t executions;
    uint64_t steps; /* of all executions of a seed; what is longer gets fewer executions */
};

struct table_cell {
    unsigned seeds;
    uint64_t bound;                       /* executions of a seed */
    uint64_t executions[TABLE_SEEDS_MAX]; /* until the finding, and including it; 0: a miss */
};

/* An exhaustive strategy has no seeds: it is run once. */
struct table_cell table_cell_measure(const struct subject *subject,
                                     const struct hde_strategy *strategy,
                                     const struct table_bounds *bounds);

unsigned table_cell_misses(const struct table_cell *cell);

/*
 * Executions made for each finding, those of the misses included: the mean of a geometric
 * distribution of which each sample is cut at the bound. If nothing was found, all of them.
 */
double table_cell_mean(const struct table_cell *cell);

/* 0 if it is a miss. */
uint64_t table_cell_median(const struct table_cell *cell);

#endif
