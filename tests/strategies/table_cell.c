/*
 * Cells: measured.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/table_cell.h"

#include <stddef.h>
#include <stdlib.h>

#include "engine/explore.h"

/* Of what an exhaustive strategy is run with: most bugs need two. */
#define PREEMPTIONS 2U

static struct hde_tally explore(const struct subject *subject,
                                const struct hde_strategy *strategy,
                                uint64_t seed,
                                uint64_t executions_max)
{
    const struct hde_exploration exploration = {
        .program = subject->program,
        .settings = subject_settings(subject->owes, strategy),
        .strategy = strategy,
        .options = {.preemptions = PREEMPTIONS},
        .seed = seed,
        .executions_max = executions_max,
    };

    return hde_explore(&exploration);
}

/* How many executions are that many steps: one of a random walk says how long they are. */
static uint64_t executions_in(const struct subject *subject, const struct table_bounds *bounds)
{
    struct hde_tally one = explore(subject, hde_strategy_named("random"), 1, 1);
    uint64_t count = bounds->steps / (one.steps + 1) + 1;

    return count < bounds->executions ? count : bounds->executions;
}

struct table_cell table_cell_measure(const struct subject *subject,
                                     const struct hde_strategy *strategy,
                                     const struct table_bounds *bounds)
{
    struct table_cell cell = {
        .seeds = strategy->is_exhaustive ? 1 : bounds->seeds,
        .bound = executions_in(subject, bounds),
    };

    for (unsigned seed = 0; seed < cell.seeds; seed++) {
        cell.executions[seed] =
            explore(subject, strategy, seed + 1, cell.bound).executions_to_first;
    }
    return cell;
}

unsigned table_cell_misses(const struct table_cell *cell)
{
    unsigned misses = 0;

    for (unsigned seed = 0; seed < cell->seeds; seed++) {
        misses += cell->executions[seed] == 0;
    }
    return misses;
}

double table_cell_mean(const struct table_cell *cell)
{
    unsigned found = cell->seeds - table_cell_misses(cell);
    uint64_t executions = 0;

    for (unsigned seed = 0; seed < cell->seeds; seed++) {
        executions += cell->executions[seed] == 0 ? cell->bound : cell->executions[seed];
    }
    return (double)executions / (double)(found == 0 ? 1 : found);
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    /* A miss, 0, comes last. */
    return (*left - 1 > *right - 1) - (*left - 1 < *right - 1);
}

uint64_t table_cell_median(const struct table_cell *cell)
{
    struct table_cell sorted = *cell;
    unsigned middle = cell->seeds / 2;

    qsort(sorted.executions, sorted.seeds, sizeof(sorted.executions[0]), compare);
    if (cell->seeds % 2 == 1 || sorted.executions[middle] == 0) {
        return sorted.executions[middle];
    }
    return (sorted.executions[middle - 1] + sorted.executions[middle]) / 2;
}
