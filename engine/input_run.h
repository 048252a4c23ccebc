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
 * The visibility of the settings does not count: the input says which accesses are choices. One in
 * which threads go round, or that goes on until it is cut, is run once more if nothing was found,
 * with all accesses visible and with looks for rounds (round.h), which take time. Requires
 * hde_execution_start().
 */
void hde_input_run(const struct hde_program *program,
                   const struct hde_settings *settings,
                   const struct hde_input *input);

#endif
