/*
 * Warning: what the code under test called although it is not modelled, said once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_WARNING_H
#define HEDDLE_ENGINE_WARNING_H

#include <stdbool.h>
#include <stddef.h>

#define HDE_WARNING_MAX 256U

/* The next warning that this process has to give; false if there is none. */
bool hde_warning_next(char text[HDE_WARNING_MAX]);

/* Print a warning to stderr unless it was printed before: workers have the same ones to give. */
void hde_warning_print(const char *text);

/* The text of one that was printed, by number; NULL if there were not so many. */
const char *hde_warning_printed(size_t number);

#endif
