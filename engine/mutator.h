/*
 * Mutator: mutates inputs of one program, with the points of their executions.
 *
 * A fuzzer takes an input of its corpus and mutates it again and again, a few times over. The first
 * time that an input comes, it is run once to collect its points; they are kept by the hash of its
 * bytes, and a mutant that is mutated once more has those of what it was made of.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MUTATOR_H
#define HEDDLE_ENGINE_MUTATOR_H

#include "engine/mutate.h"

struct hde_mutator {
    const struct hde_program *program;
    const struct hde_settings *settings;
    size_t (*mutate_bytes)(uint8_t *bytes, size_t size, size_t size_max); /* as in hde_mutation */
};

/*
 * For LLVMFuzzerCustomMutator(): mutate in place, as hde_mutate() does. It may run the program.
 * The same calls in the same order give the same mutants.
 */
size_t hde_mutator_mutate(
    const struct hde_mutator *mutator, uint8_t *bytes, size_t size, size_t size_max, uint64_t seed);

/* Inputs that were run for their points, so far. */
uint64_t hde_mutator_runs(void);

#endif
