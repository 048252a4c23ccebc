/*
 * Fuzz target: the one function that libFuzzer, AFL++, honggfuzz and standalone.c call. A target is
 * a file that defines it, and needs nothing else from any of them. What else they call if it is
 * there, it may define.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_TARGET_H
#define HEDDLE_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/*
 * Run the code under test on one input. Every byte string is an input. Returns 0; a finding does
 * not return, it ends the process. State must not survive from one call to the next: the input
 * alone must reproduce what it found.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Optional: called once, with main()'s arguments, before the fuzzer looks at them. Returns 0. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *count, char ***arguments);

#endif
