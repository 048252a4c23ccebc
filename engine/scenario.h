/*
 * Scenarios as programs: how one is run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SCENARIO_H
#define HEDDLE_ENGINE_SCENARIO_H

#include <stdbool.h>

#include <heddle/check.h>

#include "engine/execution.h"
#include "engine/scenario_table.h"

/* The program of a scenario, or of its repaired twin. `program` points into *scenario. */
struct hde_program hde_scenario_program(const struct hde_scenario *scenario, bool is_fixed);

/* Whether it has a repaired twin. */
bool hde_scenario_has_fix(const struct hd_scenario *scenario);

/* What is wrong with a descriptor, after its name; NULL if nothing is. A static string. */
const char *hde_scenario_fault(const struct hd_scenario *scenario);

#endif
