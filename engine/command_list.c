/*
 * heddle list: the scenarios, what each owes, and what it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "engine/command.h"
#include "engine/command_selection.h"

static void print_scenario(const struct hde_scenario *scenario)
{
    const struct hd_scenario *descriptor = scenario->scenario;

    (void)printf("%-32s %-14s %-12s %s\n", scenario->name, scenario->category,
                 hde_verdict_name(descriptor->sc), descriptor->summary);
    if (hde_scenario_has_fix(descriptor)) {
        (void)printf("%-32s %-14s %-12s its repaired twin\n", scenario->fixed_name,
                     scenario->category, hde_verdict_name(HD_CLEAN));
    }
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hde_selection selection;

    if (!hde_selection_make(&selection, line->operands, line->operands_count)) {
        return HDE_EXIT_USAGE;
    }
    (void)printf("%-32s %-14s %-12s %s\n", "NAME", "CATEGORY", "OWES", "SUMMARY");
    for (size_t i = 0; i < selection.count; i++) {
        print_scenario(selection.programs[i].scenario);
    }
    hde_selection_release(&selection);
    return HDE_EXIT_CLEAN;
}

const struct hde_command hde_command_list = {
    .name = "list",
    .operands = "[NAME|GLOB...]",
    .summary = "what scenarios there are",
    .details = "Exit: 0; 2 usage.",
    .options = HDE_FOR_LIST,
    .run = run,
};
