/*
 * The sheet, printed: a table for each group of programs, and what it comes to.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/strategies/table_sheet.h"

/* Whether it takes part in the comparison: an exhaustive one has no average. */
static bool is_compared(const struct table_sheet *sheet, size_t strategy)
{
    return !sheet->strategies[strategy]->is_exhaustive;
}

static bool is_mix(const struct table_sheet *sheet, size_t strategy)
{
    return strcmp(sheet->strategies[strategy]->name, "mix") == 0;
}

static bool is_found(const struct table_cell *cell)
{
    return cell->seeds > table_cell_misses(cell);
}

/* The least mean of those compared, without mix; 0 if none found anything. */
static double best_mean(const struct table_sheet *sheet, size_t subject)
{
    double best = 0;

    for (size_t i = 0; i < sheet->strategies_count; i++) {
        const struct table_cell *cell = &sheet->cells[subject][i];

        if (is_compared(sheet, i) && !is_mix(sheet, i) && is_found(cell) &&
            (best == 0 || table_cell_mean(cell) < best)) {
            best = table_cell_mean(cell);
        }
    }
    return best;
}

static void print_number(double value)
{
    if (value < 9.95) {
        (void)printf("%.1f", value);
    } else {
        (void)printf("%.0f", value);
    }
}

static void print_cell(const struct table_cell *cell)
{
    unsigned misses = table_cell_misses(cell);

    if (cell->seeds == 0) {
        (void)fputs(" |", stdout);
    } else if (!is_found(cell)) {
        (void)printf(" > %" PRIu64 " |", cell->bound);
    } else {
        (void)fputc(' ', stdout);
        print_number(table_cell_mean(cell));
        if (cell->seeds > 1) {
            (void)printf(" / %" PRIu64, table_cell_median(cell));
        }
        if (misses != 0) {
            (void)printf(", %u missed", misses);
        }
        (void)fputs(" |", stdout);
    }
}

static void print_heading(const struct table_sheet *sheet)
{
    (void)fputs("| program |", stdout);
    for (size_t i = 0; i < sheet->strategies_count; i++) {
        (void)printf(" %s |", sheet->strategies[i]->name);
    }
    (void)fputs(" mix to best |\n|---|", stdout);
    for (size_t i = 0; i <= sheet->strategies_count; i++) {
        (void)fputs("--:|", stdout);
    }
    (void)fputc('\n', stdout);
}

/* How many times as long `mix` took as the best single one; 0 if that has no answer. */
static double ratio_of_mix(const struct table_sheet *sheet, size_t subject)
{
    double best = best_mean(sheet, subject);

    for (size_t i = 0; i < sheet->strategies_count; i++) {
        if (is_mix(sheet, i) && sheet->cells[subject][i].seeds != 0 && best != 0) {
            return table_cell_mean(&sheet->cells[subject][i]) / best;
        }
    }
    return 0;
}

static void print_row(const struct table_sheet *sheet, size_t subject)
{
    double ratio = ratio_of_mix(sheet, subject);

    (void)printf("| %s/%s |", sheet->subjects[subject]->group,
                 sheet->subjects[subject]->program.name);
    for (size_t i = 0; i < sheet->strategies_count; i++) {
        print_cell(&sheet->cells[subject][i]);
    }
    if (ratio != 0) {
        (void)printf(" %.1f", ratio);
    }
    (void)fputs(" |\n", stdout);
}

/* Over the programs that some strategy found. */
static double geometric_mean(const struct table_sheet *sheet, size_t strategy)
{
    double sum = 0;
    unsigned count = 0;

    for (size_t subject = 0; subject < sheet->subjects_count; subject++) {
        const struct table_cell *cell = &sheet->cells[subject][strategy];

        if (cell->seeds != 0 && best_mean(sheet, subject) != 0) {
            sum += log(table_cell_mean(cell));
            count++;
        }
    }
    return count == 0 ? 0 : exp(sum / count);
}

static void print_means(const struct table_sheet *sheet)
{
    double best = 0;
    double mix = 0;

    (void)fputs("| **geometric mean** |", stdout);
    for (size_t i = 0; i < sheet->strategies_count; i++) {
        double mean = geometric_mean(sheet, i);

        (void)fputs(" **", stdout);
        print_number(mean);
        (void)fputs("** |", stdout);
        if (is_mix(sheet, i)) {
            mix = mean;
        } else if (is_compared(sheet, i) && (best == 0 || mean < best)) {
            best = mean;
        }
    }
    if (mix != 0 && best != 0) {
        (void)printf(" **%.2f**", mix / best);
    }
    (void)fputs(" |\n", stdout);
}

static void print_misses(const struct table_sheet *sheet)
{
    (void)fputs("| searches that missed |", stdout);
    for (size_t i = 0; i < sheet->strategies_count; i++) {
        unsigned misses = 0;
        unsigned seeds = 0;

        for (size_t subject = 0; subject < sheet->subjects_count; subject++) {
            misses += table_cell_misses(&sheet->cells[subject][i]);
            seeds += sheet->cells[subject][i].seeds;
        }
        (void)printf(" %u of %u |", misses, seeds);
    }
    (void)fputs(" |\n", stdout);
}

void table_sheet_print(const struct table_sheet *sheet)
{
    print_heading(sheet);
    for (size_t subject = 0; subject < sheet->subjects_count; subject++) {
        print_row(sheet, subject);
    }
    print_means(sheet);
    print_misses(sheet);
    (void)printf("\nMean / median of %u seeds; at most %" PRIu64 " executions and %" PRIu64
                 " steps a seed.\n",
                 sheet->bounds.seeds, sheet->bounds.executions, sheet->bounds.steps);
}
