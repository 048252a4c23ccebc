/*
 * Program: by the name of a target.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/program.h"

#include <stdio.h>
#include <string.h>

#include "engine/scenario.h"

void hd_program_target(const struct hde_program *program, char name[HD_TARGET_NAME_MAX])
{
    (void)snprintf(name, HD_TARGET_NAME_MAX, "%s", program->name);

    char *dot = strrchr(name, '.');

    /* The name of a fuzz target has no dot (OSS-Fuzz). */
    if (dot != NULL) {
        *dot = '-';
    }
}

/* Each scenario counts twice: as it is, and as its twin. */
static size_t count_programs(void)
{
    size_t count = 0;

    while (hde_scenarios[count].name != NULL) {
        count++;
    }
    return 2 * count;
}

/* Program number n of all; false if it is the twin of a scenario that has none. */
static bool program_number(size_t number, struct hde_program *program)
{
    const struct hde_scenario *scenario = &hde_scenarios[number / 2];
    bool is_fixed = number % 2 != 0;

    *program = hde_scenario_program(scenario, is_fixed);
    return !is_fixed || hde_scenario_has_fix(scenario->scenario);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void refuse(const char *path)
{
    struct hde_program program;
    char target[HD_TARGET_NAME_MAX];

    (void)fputs("The fuzz targets in this program:\n", stderr);
    for (size_t i = 0; i < count_programs(); i++) {
        if (program_number(i, &program)) {
            hd_program_target(&program, target);
            (void)fprintf(stderr, "  %s\n", target);
        }
    }
    (void)fprintf(stderr,
                  "It runs the one whose name it is started by. The build has made links of all\n"
                  "names, in the folder `targets'; elsewhere: ln -s %s NAME\n"
                  "heddle: there is no fuzz target `%s'\n",
                  path, last_part(path));
}

/* Whether its descriptor is in order; says what is not. */
static bool is_sound(size_t number)
{
    const struct hde_scenario *scenario = &hde_scenarios[number / 2];
    const char *fault = hde_scenario_fault(scenario->scenario);

    if (fault != NULL) {
        (void)fprintf(stderr, "heddle: %s: the scenario `%s' %s\n", scenario->file, scenario->name,
                      fault);
    }
    return fault == NULL;
}

/* Whether program number n is there, and is called so. */
static bool is_named(size_t number, const char *name, struct hde_program *program)
{
    char target[HD_TARGET_NAME_MAX];

    if (!program_number(number, program)) {
        return false;
    }
    hd_program_target(program, target);
    return strcmp(target, name) == 0;
}

bool hd_program_find(const char *path, struct hde_program *program)
{
    const char *name = last_part(path);

    for (size_t i = 0; i < count_programs(); i++) {
        if (is_named(i, name, program)) {
            return is_sound(i);
        }
    }
    refuse(path);
    return false;
}
