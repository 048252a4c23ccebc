/*
 * Aged: a process that has made nearly as many executions as the engine can number.
 *
 * Bug      None: it is the process that must end before the engine ends it.
 * Needs    1 thread.
 * Fix      None.
 * Source   Made for this test: four thousand million executions take hours.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

#include <string.h>

#include "engine/execution.h"

#define LEFT 330000U /* more than a target keeps for what it may still have to shrink */

/* Before any execution: what one writes is put back at its end. Only of this target's process. */
__attribute__((constructor)) static void age(int count, char **arguments)
{
    const char *slash = count == 0 ? NULL : strrchr(arguments[0], '/');

    if (slash != NULL && strcmp(slash, "/aged") == 0) {
        hde_execution.generation = UINT32_MAX - LEFT;
    }
}

static void do_nothing(void *state) { (void)state; }

const struct hd_scenario hd_scenario_aged = {
    .summary = "is nearly at the end of the numbers of executions",
    .threads = {do_nothing},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
