/*
 * Divergence, in words: where a replay could not follow its schedule, and why that may be.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_DIVERGENCE_H
#define HEDDLE_ENGINE_COMMAND_DIVERGENCE_H

#include "engine/replay.h"

/* Print it to stderr. Requires has_diverged. */
void hde_command_print_divergence(const struct hde_divergence *divergence);

#endif
