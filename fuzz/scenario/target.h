/*
 * Scenario target: what is run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_SCENARIO_TARGET_H
#define HEDDLE_FUZZ_SCENARIO_TARGET_H

#include "engine/execution.h"

/* Constant once the process has begun. */
struct hd_target {
    struct hde_program program;
    struct hde_settings settings; /* as those of the command, which replays what is found */
};

/* The target, with the engine ready for executions. Ends the process if that is not possible. */
const struct hd_target *hd_target_begin(void);

#endif
