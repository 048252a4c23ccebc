/*
 * Canary: a target with a bug that must be found. If it is not, the others' silence means nothing.
 *
 * The bug is a loop that runs out of its heap block, behind a prefix of four bytes. Blind chance
 * meets the prefix once in 2^32 inputs, so 2,000,000 of them miss it with probability 0.9995;
 * whoever sees which branches an input takes finds it byte by byte, in some 200,000. So a find
 * within that bound proves that coverage guides the inputs. AddressSanitizer stops the loop at its
 * first step past the block. Without it the loop goes on to the end of the heap and dies by
 * SIGSEGV: the seed crashes in every flavour.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "fuzz/target.h"

#define BLOCK_SIZE 16

static void overrun(void)
{
    volatile uint8_t *block = malloc(BLOCK_SIZE);

    if (block == NULL) {
        return;
    }
    for (size_t i = 0;; i++) {
        block[i] = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4 || data[0] != 'w') {
        return 0;
    }
    if (data[1] != 'e') {
        return 0;
    }
    if (data[2] != 'f') {
        return 0;
    }
    if (data[3] != 't') {
        return 0;
    }
    overrun();
    return 0;
}
