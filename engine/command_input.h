/*
 * Inputs of fuzz targets as commands get them and leave them: files, which may be empty.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_INPUT_H
#define HEDDLE_ENGINE_COMMAND_INPUT_H

#include <stdbool.h>

#include "engine/command_line.h"
#include "engine/command_selection.h"
#include "engine/schedule.h"

/*
 * Run the program that the operand names with the input of --input; *schedule becomes the choices
 * that were made. Returns false if there is something wrong, which has been said.
 */
bool hde_command_input_run(const struct hde_command_line *line,
                           struct hde_selected *selected,
                           struct hde_schedule *schedule);

/* Write the input that makes the choices of a schedule. If that fails, says so. */
bool hde_command_input_write(const struct hde_schedule *schedule, const char *path);

#endif
