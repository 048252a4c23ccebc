/*
 * Coverage: what a fuzz target tells the fuzzer of an input, beside whether it found anything.
 *
 * The environment HEDDLE_COVERAGE is a list, with commas, of what counts:
 *
 *     code                                          edges of the code under test
 *     reads-from conflict hand-over blocked-at      how threads met (engine/interleaving.h)
 *     interleaving                                  all four of these
 *     measure                                       and how many pairs share a counter, at the end
 *     none                                          nothing
 *
 * Without it all counts: `code,interleaving'. What is left out is for experiments.
 *
 * When the process ends by exit(), as fuzzers do that are told how long to run, it says on stderr
 *
 *     heddle: coverage: 20000 inputs, 57 pairs, 3 once
 *
 * From that follows how likely it is that the next input shows a new pair: 3 / 20000
 * (engine/interleaving.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_SCENARIO_COVERAGE_H
#define HEDDLE_FUZZ_SCENARIO_COVERAGE_H

#include <stdbool.h>

#include "engine/execution.h"

/* Read the environment. Returns false, having said why, if it asks for what there is not. */
bool hd_coverage_read(void);

/* From here on inputs that are run with these settings count. Requires hde_execution_start(). */
void hd_coverage_start(struct hde_settings *settings);

/* Around each input. */
void hd_coverage_begin(void);
void hd_coverage_end(void);

#endif
