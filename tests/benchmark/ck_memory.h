/*
 * CK memory: where the objects of ck_*.c live: each in cache lines of its own, for ever.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_BENCHMARK_CK_MEMORY_H
#define HEDDLE_TESTS_BENCHMARK_CK_MEMORY_H

#include <stdlib.h>
#include <string.h>

#define HD_CK_LINE_SIZE ((size_t)64)

/* Zeroed. A benchmark without memory has nothing to say. */
static inline void *hd_ck_new(size_t size)
{
    size_t lines = (size + HD_CK_LINE_SIZE - 1) / HD_CK_LINE_SIZE;
    void *object = aligned_alloc(HD_CK_LINE_SIZE, lines * HD_CK_LINE_SIZE);

    if (object == NULL) {
        abort();
    }
    return memset(object, 0, lines * HD_CK_LINE_SIZE);
}

#endif
