/*
 * Mutator: libFuzzer's inputs are mutated as what they are, lists of preemptions (engine/mutate.h).
 *
 * What libFuzzer does with bytes remains for the values that hd_choose() returns. Fuzzers that know
 * nothing of these functions mutate the bytes of an input, every string of which is one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/mutator.h"

#include <stddef.h>
#include <stdint.h>

#include "fuzz/scenario/target.h"

/* libFuzzer's, or whoever takes its place: only they call what is here. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t size_max);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t size_max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a,
                                 size_t a_size,
                                 const uint8_t *b,
                                 size_t b_size,
                                 uint8_t *bytes,
                                 size_t size_max,
                                 unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t size_max, unsigned seed)
{
    const struct hd_target *target = hd_target_begin();
    const struct hde_mutator mutator = {
        .program = &target->program,
        .settings = &target->settings,
        .mutate_bytes = LLVMFuzzerMutate,
    };

    return hde_mutator_mutate(&mutator, bytes, size, size_max, seed);
}

/* NOLINTNEXTLINE(readability-function-size): the fuzzer says what its parameters are. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a,
                                 size_t a_size,
                                 const uint8_t *b,
                                 size_t b_size,
                                 uint8_t *bytes,
                                 size_t size_max,
                                 unsigned seed)
{
    const struct hde_input_bytes first = {.bytes = a, .size = (uint32_t)a_size};
    const struct hde_input_bytes second = {.bytes = b, .size = (uint32_t)b_size};

    return hde_cross(&first, &second, bytes, size_max, seed);
}
