/*
 * Findings: what becomes of them in a fuzz target.
 *
 * Normally the first one is reported and ends the process by abort(): the fuzzer then keeps its
 * input. In a process with HEDDLE_FINDINGS=DIR in its environment each one that is new is written
 * to that folder (deposit.h) instead, shrunk, and it goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_SCENARIO_FINDINGS_H
#define HEDDLE_FUZZ_SCENARIO_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz/scenario/target.h"

/*
 * Read the environment. Returns false, having said why, if the folder cannot be written to.
 * *target must live on.
 */
bool hd_findings_begin(const struct hd_target *target);

/* The execution that an input led to, number `run' of this process, has findings. */
void hd_findings_take(const uint8_t *bytes, size_t size, uint64_t run);

#endif
