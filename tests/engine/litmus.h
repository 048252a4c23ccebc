/*
 * Litmus programs as the engine runs them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_LITMUS_H
#define HEDDLE_TESTS_ENGINE_LITMUS_H

#include "engine/execution.h"
#include "tests/engine/programs/litmus.h"

struct hde_program hd_litmus_program(const struct litmus *litmus);

/* Data races are findings; at which accesses there are choices is up to the test. */
struct hde_settings hd_litmus_settings(enum hde_visibility visibility);

/* Run one execution with a seed. */
void hd_litmus_run(const struct litmus *litmus,
                   const struct hde_settings *settings,
                   const struct hde_strategy *strategy,
                   uint64_t seed);

#endif
