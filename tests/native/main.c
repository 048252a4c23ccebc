/*
 * Native: scenarios with real threads, under the real ThreadSanitizer.
 *
 *     scenarios_native [--runs N] [--limit MS] [NAME...]
 *
 * prints one line for each scenario or twin: its name, then in how many of N runs ThreadSanitizer
 * reported something, an expectation failed or the process died, it hung, nothing happened. Without
 * names it runs all repaired twins; all of their runs must then be quiet, and at least one run of
 * lost_update, which goes first, must not. (A scenario that is clean is no twin: ThreadSanitizer
 * takes some of them for what they only look like.)
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/scenario_table.h"
#include "tests/native/run_once.h"

#define RUNS_DEFAULT 100U
#define LIMIT_DEFAULT_MS 1000U
#define CANARY "lost_update"
#define CANARY_RUNS 100U

struct options {
    unsigned runs;
    unsigned limit_ms;
};

struct tally {
    unsigned of[HD_NATIVE_OUTCOMES];
};

static bool has_fix(const struct hd_scenario *scenario)
{
    return scenario->fixed[0] != NULL || scenario->fixed_main != NULL ||
           scenario->fixed_setup != NULL;
}

static struct tally
run(const struct hde_scenario *scenario, bool is_fixed, const struct options *options)
{
    struct tally tally = {{0}};

    for (unsigned seed = 1; seed <= options->runs; seed++) {
        tally.of[hd_native_run(scenario->scenario, is_fixed, seed, options->limit_ms)]++;
    }
    (void)printf("%-40s %8u %8u %8u %8u\n", is_fixed ? scenario->fixed_name : scenario->name,
                 tally.of[HD_NATIVE_REPORTED], tally.of[HD_NATIVE_FAILED], tally.of[HD_NATIVE_HUNG],
                 tally.of[HD_NATIVE_QUIET]);
    (void)fflush(stdout);
    return tally;
}

static bool run_named(const char *name, const struct options *options)
{
    for (const struct hde_scenario *each = hde_scenarios; each->name != NULL; each++) {
        if (strcmp(each->name, name) == 0 || strcmp(each->fixed_name, name) == 0) {
            (void)run(each, strcmp(each->fixed_name, name) == 0, options);
            return true;
        }
    }
    (void)fprintf(stderr, "scenarios_native: there is no scenario `%s'\n", name);
    return false;
}

/* What finds nothing must be able to find something. */
static bool finds_canary(const struct options *options)
{
    const struct options more = {.runs = CANARY_RUNS, .limit_ms = options->limit_ms};

    for (const struct hde_scenario *each = hde_scenarios; each->name != NULL; each++) {
        if (strcmp(each->name, CANARY) == 0) {
            return run(each, false, &more).of[HD_NATIVE_REPORTED] > 0;
        }
    }
    return false;
}

static bool run_twins(const struct options *options)
{
    bool is_clean = finds_canary(options);

    if (!is_clean) {
        (void)fprintf(stderr, "scenarios_native: ThreadSanitizer never reported " CANARY "\n");
    }
    for (const struct hde_scenario *each = hde_scenarios; each->name != NULL; each++) {
        if (has_fix(each->scenario) &&
            run(each, true, options).of[HD_NATIVE_QUIET] != options->runs) {
            (void)fprintf(stderr, "scenarios_native: %s is not clean\n", each->fixed_name);
            is_clean = false;
        }
    }
    return is_clean;
}

/* Of an option that needs a number from 1; 0 if it has none. */
static unsigned number_of(const char *text)
{
    char *end = NULL;
    unsigned long number = text == NULL ? 0 : strtoul(text, &end, 10);

    return end == NULL || *end != '\0' || number > 1000000 ? 0 : (unsigned)number;
}

/* The index of the first name; 0 if the options are wrong. */
static int parse(int count, char **arguments, struct options *options)
{
    int i = 1;

    while (i < count && strncmp(arguments[i], "--", 2) == 0) {
        unsigned number = number_of(arguments[i + 1]);

        if (strcmp(arguments[i], "--runs") == 0) {
            options->runs = number;
        } else if (strcmp(arguments[i], "--limit") == 0) {
            options->limit_ms = number;
        } else {
            number = 0;
        }
        if (number == 0) {
            return 0;
        }
        i += 2;
    }
    return i;
}

int main(int count, char **arguments)
{
    struct options options = {.runs = RUNS_DEFAULT, .limit_ms = LIMIT_DEFAULT_MS};
    int first = parse(count, arguments, &options);
    bool is_good = true;

    if (first == 0) {
        (void)fputs("usage: scenarios_native [--runs N] [--limit MS] [NAME...]\n", stderr);
        return 2;
    }
    (void)printf("%-40s %8s %8s %8s %8s\n", "scenario", "reported", "failed", "hung", "quiet");
    if (first == count) {
        return run_twins(&options) ? 0 : 1;
    }
    for (int i = first; i < count; i++) {
        is_good = run_named(arguments[i], &options) && is_good;
    }
    return is_good ? 0 : 2;
}
