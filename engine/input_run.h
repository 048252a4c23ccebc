/*
 * Running an input: one execution, the same whatever the process has run before.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INPUT_RUN_H
#define HEDDLE_ENGINE_INPUT_RUN_H

#include "engine/execution.h"
#include "engine/input.h"

/*
 * Run the program once with the choices of an input. What came of it is in hde_execution.
 *
 * The visibility of the settings does not count: the input says which accesses are choices. One
 * that goes on until it is cut is run once more with all accesses visible, for only then rounds are
 * looked for (round.h). Requires hde_execution_start().
 */
void hde_input_run(const struct hde_program *program,
                   const struct hde_settings *settings,
                   const struct hde_input *input);

#endif
