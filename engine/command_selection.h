/*
 * Selection: which programs of the table a command is about.
 *
 * Names and globs match scenarios, or, if they end in ".fixed", repaired twins.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_SELECTION_H
#define HEDDLE_ENGINE_COMMAND_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/scenario.h"

struct hde_selected {
    const struct hde_scenario *scenario;
    bool is_fixed;
};

struct hde_selection {
    struct hde_selected *programs; /* in the order of the table, each once */
    size_t count;
};

/*
 * What the patterns match; all scenarios if there are none. Returns false if a pattern matches
 * nothing, with what may have been meant on stderr, or if a descriptor is not in order.
 */
bool hde_selection_make(struct hde_selection *selection, char *const *patterns, size_t count);

void hde_selection_release(struct hde_selection *selection);

/* The program of this very name; `program->scenario' is NULL if there is none, as above. */
struct hde_selected hde_selection_named(const char *name);

#endif
