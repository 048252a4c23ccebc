/*
 * Selection: matches with fnmatch().
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_selection.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fatal.h"
#include "engine/nearest.h"

/* Each scenario counts twice: as it is, and as its twin. */
static size_t count_programs(void)
{
    size_t count = 0;

    while (hde_scenarios[count].name != NULL) {
        count++;
    }
    return 2 * count;
}

/* Program number n of all; `scenario' is NULL if it is the twin of one that has none. */
static struct hde_selected program_number(size_t number)
{
    const struct hde_scenario *scenario = &hde_scenarios[number / 2];
    bool is_fixed = number % 2 != 0;
    bool exists = !is_fixed || hde_scenario_has_fix(scenario->scenario);

    return (struct hde_selected){.scenario = exists ? scenario : NULL, .is_fixed = is_fixed};
}

static const char *name_of(const struct hde_selected *program)
{
    return program->is_fixed ? program->scenario->fixed_name : program->scenario->name;
}

/* A glob that does not speak of twins does not match them: `*' is all scenarios. */
static bool matches(const char *pattern, const struct hde_selected *program)
{
    size_t length = strlen(pattern);
    bool is_of_twins = length >= 6 && strcmp(pattern + length - 6, ".fixed") == 0;

    return program->scenario != NULL && is_of_twins == program->is_fixed &&
           fnmatch(pattern, name_of(program), 0) == 0;
}

/* Whether a descriptor is in order; says what is not. */
static bool is_sound(const struct hde_selected *program)
{
    const char *fault = hde_scenario_fault(program->scenario->scenario);

    if (fault != NULL) {
        (void)fprintf(stderr, "heddle: %s: the scenario `%s' %s\n", program->scenario->file,
                      program->scenario->name, fault);
    }
    return fault == NULL;
}

static void refuse(const char *pattern)
{
    struct hde_nearest nearest = hde_nearest_to(pattern);

    for (size_t i = 0; i < count_programs(); i++) {
        struct hde_selected program = program_number(i);

        if (program.scenario != NULL) {
            hde_nearest_offer(&nearest, name_of(&program));
        }
    }
    (void)fprintf(stderr, "heddle: there is no scenario `%s'", pattern);
    hde_nearest_print(&nearest, "");
    (void)fputs("see: heddle list\n", stderr);
}

static bool is_matched(const struct hde_selected *program, char *const *patterns, size_t count)
{
    if (program->scenario == NULL || count == 0) {
        return program->scenario != NULL && !program->is_fixed;
    }
    for (size_t i = 0; i < count; i++) {
        if (matches(patterns[i], program)) {
            return true;
        }
    }
    return false;
}

static bool matches_any(const char *pattern)
{
    for (size_t i = 0; i < count_programs(); i++) {
        struct hde_selected program = program_number(i);

        if (matches(pattern, &program)) {
            return true;
        }
    }
    return false;
}

static bool are_sound(const struct hde_selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (!is_sound(&selection->programs[i])) {
            return false;
        }
    }
    return true;
}

bool hde_selection_make(struct hde_selection *selection, char *const *patterns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!matches_any(patterns[i])) {
            refuse(patterns[i]);
            return false;
        }
    }
    selection->count = 0;
    selection->programs = calloc(count_programs() + 1, sizeof(*selection->programs));
    if (selection->programs == NULL) {
        hde_fatal_errno("no memory for a list of scenarios");
    }
    for (size_t i = 0; i < count_programs(); i++) {
        struct hde_selected program = program_number(i);

        if (is_matched(&program, patterns, count)) {
            selection->programs[selection->count++] = program;
        }
    }
    if (!are_sound(selection)) {
        hde_selection_release(selection);
        return false;
    }
    return true;
}

void hde_selection_release(struct hde_selection *selection)
{
    free(selection->programs);
    *selection = (struct hde_selection){0};
}

struct hde_selected hde_selection_named(const char *name)
{
    for (size_t i = 0; i < count_programs(); i++) {
        struct hde_selected program = program_number(i);

        if (program.scenario != NULL && strcmp(name_of(&program), name) == 0) {
            return is_sound(&program) ? program : (struct hde_selected){0};
        }
    }
    refuse(name);
    return (struct hde_selected){0};
}
