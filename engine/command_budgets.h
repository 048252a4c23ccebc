/*
 * Budgets and ignored kinds: what a command line says of them, to and from text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_BUDGETS_H
#define HEDDLE_ENGINE_COMMAND_BUDGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/command_line.h"

/* Add "WHAT=N" or "WHAT=all", or several with commas between. If wrong, says so. */
bool hde_command_budgets_parse(struct hde_budgets *budgets, const char *command, const char *text);

/* Add a kind of finding, "data-race", or several with commas between. If wrong, says so. */
bool hde_command_ignored_parse(uint32_t *ignored, const char *command, const char *text);

/* What there is, and its default: a part of the help text. */
void hde_command_budgets_print(void);

#define HDE_BUDGETS_TEXT_MAX 256U

/* The same as parse() reads; "" where all is default, or nothing ignored. */
void hde_command_budgets_spell(const struct hde_budgets *budgets, char text[HDE_BUDGETS_TEXT_MAX]);
void hde_command_ignored_spell(uint32_t ignored, char text[HDE_BUDGETS_TEXT_MAX]);

#define HDE_GIVEN_TEXT_MAX (2 * HDE_BUDGETS_TEXT_MAX + 32)

/* Both as options, each with a space before it; "" where there is nothing to say. */
void hde_command_line_spell(const struct hde_command_line *line, char text[HDE_GIVEN_TEXT_MAX]);

#endif
