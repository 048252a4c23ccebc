/*
 * Blocks: the increments, with ten blocks of the heap after each, instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "tests/engine/benchmark/increments.h"

#define BLOCKS 10

/* The compiler knows nothing of the pointer, and so does not leave the block out. */
static long *opaque(long *block)
{
    __asm__ volatile("" : "+r"(block));
    return block;
}

static void use_blocks(void)
{
    for (size_t i = 1; i <= BLOCKS; i++) {
        long *block = opaque(malloc(i * sizeof(long)));

        block[i - 1] = (long)i;
        free(block);
    }
}

void hd_increments_run_with_blocks(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        shared->counter++;
        (void)pthread_mutex_unlock(&shared->lock);
        use_blocks();
    }
}
