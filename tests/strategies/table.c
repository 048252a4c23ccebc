/*
 * strategy_table: how many executions each strategy takes to find each bug.
 *
 *     strategy_table --sheet=FILE [--strategies=A,B] [--programs=GLOB] [--seeds=N]
 *                    [--executions=N] [--steps=N] [--jobs=N] [--print]
 *
 * Measures what the sheet does not have yet, unless it is only to be printed, and prints it all as
 * Markdown: docs/STRATEGIES.md has
 * the table and what its numbers mean.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/strategies/table_sheet.h"

struct request {
    const char *sheet;
    const char *strategies; /* with commas; NULL: all that search */
    const char *programs;   /* a glob; NULL: all */
    bool only_prints;
    uint64_t jobs;
    uint64_t seeds;
    struct table_bounds bounds;
};

/* The value of an option `name=', or NULL. */
static const char *value_of(const char *argument, const char *name)
{
    size_t length = strlen(name);

    return strncmp(argument, name, length) == 0 ? argument + length : NULL;
}

/* Whether it was this option, with a number from 1 on. */
static bool take_number(const char *argument, const char *name, uint64_t *number)
{
    const char *value = value_of(argument, name);
    char *end = NULL;

    if (value == NULL) {
        return false;
    }
    *number = strtoull(value, &end, 10);
    return *number != 0 && *end == '\0';
}

static bool take_text(const char *argument, const char *name, const char **text)
{
    const char *value = value_of(argument, name);

    if (value == NULL) {
        return false;
    }
    *text = value;
    return true;
}

static bool take_argument(struct request *request, const char *argument)
{
    if (strcmp(argument, "--print") == 0) {
        request->only_prints = true;
        return true;
    }
    return take_text(argument, "--sheet=", &request->sheet) ||
           take_text(argument, "--strategies=", &request->strategies) ||
           take_text(argument, "--programs=", &request->programs) ||
           take_number(argument, "--jobs=", &request->jobs) ||
           take_number(argument, "--seeds=", &request->seeds) ||
           take_number(argument, "--executions=", &request->bounds.executions) ||
           take_number(argument, "--steps=", &request->bounds.steps);
}

static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static void choose_strategies(struct table_sheet *sheet, const char *list)
{
    for (const struct hde_strategy *const *strategy = hde_strategies; *strategy != NULL;
         strategy++) {
        if (list == NULL ? !(*strategy)->follows : is_listed(list, (*strategy)->name)) {
            sheet->strategies[sheet->strategies_count++] = *strategy;
        }
    }
}

static void choose_programs(struct table_sheet *sheet, const char *glob)
{
    size_t count = 0;
    const struct subject *subjects = hd_subject_all(&count);

    for (size_t i = 0; i < count; i++) {
        if (glob == NULL || fnmatch(glob, subjects[i].program.name, 0) == 0) {
            sheet->subjects[sheet->subjects_count++] = &subjects[i];
        }
    }
}

static int run(const struct request *request)
{
    static struct table_sheet sheet;

    sheet.bounds = request->bounds;
    sheet.bounds.seeds = (unsigned)request->seeds;
    choose_strategies(&sheet, request->strategies);
    choose_programs(&sheet, request->programs);
    hde_execution_start();
    if (!hd_table_sheet_read(&sheet, request->sheet)) {
        return EXIT_FAILURE;
    }
    bool is_measured = request->only_prints ||
                       hd_table_sheet_measure(&sheet, request->sheet, (unsigned)request->jobs);

    hd_table_sheet_print(&sheet);
    return is_measured ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments)
{
    struct request request = {
        .jobs = 1,
        .seeds = 20,
        .bounds = {.executions = 100000, .steps = 20000000},
    };

    for (int i = 1; i < count; i++) {
        if (!take_argument(&request, arguments[i])) {
            (void)fprintf(stderr, "strategy_table: `%s'?\n", arguments[i]);
            return 2;
        }
    }
    if (request.sheet == NULL || request.seeds > TABLE_SEEDS_MAX || request.jobs > 64) {
        (void)fputs("strategy_table --sheet=FILE [--strategies=A,B] [--programs=GLOB]\n"
                    "    [--seeds=N] [--executions=N] [--steps=N] [--jobs=N] [--print]\n",
                    stderr);
        return 2;
    }
    return run(&request);
}
