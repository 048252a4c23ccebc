/*
 * One program in two versions: what a user has, and what he has after an edit.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_EDITED_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_EDITED_H

#include "tests/engine/programs/litmus.h"

extern const struct litmus litmus_unedited;
extern const struct litmus litmus_edited;

#endif
