/*
 * The table: its arithmetic, that a sheet which was interrupted goes on where it was, and on some
 * programs what the whole table says of the strategies.
 *
 * Seeds are fixed, so the counts are always the same; the arithmetic below says by how much a
 * change of the seeds would move them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/strategies/table_sheet.h"

/* ---- Arithmetic ------------------------------------------------------------------------------ */

static void a_miss_counts_as_long_as_it_took(void **state)
{
    const struct table_cell cell = {.seeds = 4, .bound = 100, .executions = {30, 0, 10, 20}};
    const struct table_cell none = {.seeds = 2, .bound = 100, .executions = {0, 0}};

    (void)state;
    assert_int_equal(hd_table_cell_misses(&cell), 1);
    assert_float_equal((float)hd_table_cell_mean(&cell), 160.0F / 3, 1e-4F);
    assert_int_equal(hd_table_cell_median(&cell), 25);
    assert_int_equal(hd_table_cell_misses(&none), 2);
    assert_float_equal((float)hd_table_cell_mean(&none), 200.0F, 1e-4F);
    assert_int_equal(hd_table_cell_median(&none), 0);
}

/* Most of the searches missed: so does the one in the middle. */
static void the_median_of_misses_is_a_miss(void **state)
{
    const struct table_cell odd = {.seeds = 3, .bound = 9, .executions = {0, 5, 0}};
    const struct table_cell even = {.seeds = 4, .bound = 9, .executions = {0, 5, 7, 0}};

    (void)state;
    assert_int_equal(hd_table_cell_median(&odd), 0);
    assert_int_equal(hd_table_cell_median(&even), 0);
}

/* ---- Sheets ---------------------------------------------------------------------------------- */

static struct table_sheet sheet;
static struct table_sheet again;

static void take_program(struct table_sheet *to, const char *name)
{
    size_t count = 0;
    const struct subject *subjects = hd_subject_all(&count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(subjects[i].program.name, name) == 0) {
            to->subjects[to->subjects_count++] = &subjects[i];
            return;
        }
    }
    fail_msg("there is no program %s", name);
}

static void take_strategy(struct table_sheet *to, const char *name)
{
    to->strategies[to->strategies_count] = hde_strategy_named(name);
    assert_non_null(to->strategies[to->strategies_count++]);
}

static void measure(struct table_sheet *to, char path[32], unsigned jobs)
{
    (void)snprintf(path, 32, "/tmp/heddle-sheet-XXXXXX");
    int file = mkstemp(path);

    assert_true(file >= 0);
    (void)close(file);
    assert_true(hd_table_sheet_measure(to, path, jobs));
}

static int64_t size_of(const char *path)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static void begin_small(struct table_sheet *to)
{
    memset(to, 0, sizeof(*to));
    to->bounds = (struct table_bounds){.seeds = 5, .executions = 2000, .steps = 100000};
    take_program(to, "ab_ba");
    take_program(to, "cache_small");
    take_strategy(to, "random");
    take_strategy(to, "dfs");
}

/* However many processes measure it, and whenever. */
static void a_sheet_is_the_same_each_time(void **state)
{
    char path[32];
    char path_again[32];

    (void)state;
    begin_small(&sheet);
    begin_small(&again);
    measure(&sheet, path, 1);
    measure(&again, path_again, 2);
    assert_memory_equal(sheet.cells, again.cells, sizeof(sheet.cells));
    assert_int_equal(sheet.cells[0][0].seeds, 5);
    assert_int_equal(sheet.cells[0][1].seeds, 1); /* dfs has none */
    (void)unlink(path);
    (void)unlink(path_again);
}

static void a_sheet_goes_on_where_it_was(void **state)
{
    char path[32];

    (void)state;
    begin_small(&sheet);
    measure(&sheet, path, 1);
    int64_t size = size_of(path);

    begin_small(&again);
    assert_true(hd_table_sheet_read(&again, path));
    assert_memory_equal(sheet.cells, again.cells, sizeof(sheet.cells));
    assert_true(hd_table_sheet_measure(&again, path, 1));
    assert_int_equal(size_of(path), size); /* nothing was left to do */

    take_program(&again, "pipeline_small");
    assert_true(hd_table_sheet_measure(&again, path, 1));
    assert_true(size_of(path) > size);
    assert_memory_equal(sheet.cells, again.cells, 2 * sizeof(sheet.cells[0]));

    again.bounds.seeds++;
    assert_false(hd_table_sheet_read(&again, path)); /* other bounds, other numbers */
    (void)unlink(path);
}

/* ---- What the table says --------------------------------------------------------------------- */

#define SEEDS 20U

static const char *const programs[] = {
    "ab_ba",          "cache_small", "connections_3",  "connections_6",
    "detached_30",    "lost_update", "pipeline_small", "refcount_decrement_then_test",
    "refcount_small", "spin_20",     "stack_small",    "steal_small",
    "torn_point",     "transfers_6", "check_then_act", "dining_philosophers",
};

static const char *const strategies[] = {"mix", "pct",    "pos",  "random",
                                         "rff", "sticky", "surw", "urw"};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))
#define STRATEGIES (sizeof(strategies) / sizeof(strategies[0]))

static double geometric_mean(const struct table_sheet *of, size_t strategy)
{
    double sum = 0;
    size_t count = PROGRAMS;

    for (size_t i = 0; i < PROGRAMS; i++) {
        sum += log(hd_table_cell_mean(&of->cells[i][strategy]));
    }
    return exp(sum / (double)count);
}

/*
 * How long a search takes is distributed geometrically, so a mean of 20 is off by a factor of 1.25
 * (one standard deviation, e^(1/sqrt(20))), and a geometric mean over 16 such by 1.06; the quotient
 * of two by 1.08. `mix' gives each of its members a share, and so cannot be the best on any one
 * program; over all of them it must not take more than 1.5 times as long as the best of them does:
 * a true quotient below 1.2 passes with three standard deviations to spare.
 */
static void mix_is_nearly_as_good_as_the_best(void **state)
{
    char path[32];
    double best = HUGE_VAL;

    (void)state;
    memset(&sheet, 0, sizeof(sheet));
    sheet.bounds = (struct table_bounds){.seeds = SEEDS, .executions = 20000, .steps = 400000};
    for (size_t i = 0; i < PROGRAMS; i++) {
        take_program(&sheet, programs[i]);
    }
    for (size_t i = 0; i < STRATEGIES; i++) {
        take_strategy(&sheet, strategies[i]);
    }
    measure(&sheet, path, 1);
    (void)unlink(path);
    for (size_t i = 0; i < STRATEGIES; i++) {
        double mean = geometric_mean(&sheet, i);

        print_message("%-8s %.1f\n", strategies[i], mean);
        best = i > 0 && mean < best ? mean : best;
    }
    assert_true(geometric_mean(&sheet, 0) < 1.5 * best);
}

/* What most executions of any strategy show: so does each strategy. */
static bool is_easy(const char *program)
{
    return strcmp(program, "lost_update") == 0 || strcmp(program, "torn_point") == 0 ||
           strcmp(program, "ab_ba") == 0;
}

static void check_easy(size_t program)
{
    for (size_t i = 0; i < STRATEGIES; i++) {
        assert_true(hd_table_cell_mean(&sheet.cells[program][i]) < 10);
    }
}

static void each_strategy_finds_what_is_easy(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        if (is_easy(programs[i])) {
            check_easy(i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_miss_counts_as_long_as_it_took),
        cmocka_unit_test(the_median_of_misses_is_a_miss),
        cmocka_unit_test(a_sheet_is_the_same_each_time),
        cmocka_unit_test(a_sheet_goes_on_where_it_was),
        cmocka_unit_test(mix_is_nearly_as_good_as_the_best),
        cmocka_unit_test(each_strategy_finds_what_is_easy),
    };

    hde_execution_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
