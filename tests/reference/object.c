/*
 * Object: see object.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/object.h"

enum { CACHE_LINE_SIZE = 64 };

void *hd_object_new(size_t count, size_t size)
{
    void *object = NULL;

    if (count <= (SIZE_MAX - CACHE_LINE_SIZE) / size) {
        size_t bytes = (count * size + CACHE_LINE_SIZE - 1) / CACHE_LINE_SIZE * CACHE_LINE_SIZE;

        object = aligned_alloc(CACHE_LINE_SIZE, bytes);
        if (object != NULL) {
            memset(object, 0, bytes);
        }
    }
    if (object == NULL) {
        (void)fprintf(stderr, "reference: no memory for %zu objects of %zu bytes\n", count, size);
        abort();
    }
    return object;
}
