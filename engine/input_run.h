/*
 * Running an input: one execution, the same whatever the process has run before.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INPUT_RUN_H
#define HEDDLE_ENGINE_INPUT_RUN_H

#include "engine/execution.h"
#include "engine/input.h"

/* The settings of its executions: the input says which accesses are choices. */
struct hde_settings hde_input_settings(const struct hde_settings *settings,
                                       const struct hde_input *input);

/* The strategy `input', kept from run to run: a fuzzer makes a million a second. Zero at first. */
struct hde_input_follower {
    void *state;
    const struct hde_input *input; /* that it was started with; NULL: none */
};

/* An execution with the choices of an input begins: its state is ready to be run. */
void hde_input_follow(struct hde_input_follower *follower, const struct hde_input *input);

/*
 * Run the program once with the choices of an input. What came of it is in hde_execution. Requires
 * hde_execution_start().
 *
 * Rounds (round.h) are looked for if the input says so; besides, an execution that goes on until it
 * is cut is run once more with all accesses visible to look for them.
 */
void hde_input_run(const struct hde_program *program,
                   const struct hde_settings *settings,
                   const struct hde_input *input);

#endif
