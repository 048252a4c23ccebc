/*
 * Hooks for qsort() and qsort_r(): libc sorts, and calls the program's comparison.
 *
 * That is code under test, which may step; libc holds no lock meanwhile. What libc itself does to
 * the array is one write of all of it when it begins, and another when it ends, since other threads
 * may have had their turn in between.
 *
 * bsearch() and the like need no hook: only the comparison touches what they search.
 *
 * Modelled   lsearch qsort qsort_r
 *
 * Source: qsort(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <search.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"

void qsort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (hde_self != NULL && count > 1) {
        hde_access((uint64_t)array, count * size, true, HDE_CALLER());
    }
    HDE_REAL(qsort)(array, count, size, compare);
    if (hde_self != NULL && count > 1) {
        hde_access((uint64_t)array, count * size, true, HDE_CALLER());
    }
}

void qsort_r(void *array,
             size_t count,
             size_t size,
             int (*compare)(const void *, const void *, void *),
             void *argument)
{
    if (hde_self != NULL && count > 1) {
        hde_access((uint64_t)array, count * size, true, HDE_CALLER());
    }
    HDE_REAL(qsort_r)(array, count, size, compare, argument);
    if (hde_self != NULL && count > 1) {
        hde_access((uint64_t)array, count * size, true, HDE_CALLER());
    }
}

/* It appends what it does not find. */
void *lsearch(const void *key,
              void *array,
              size_t *count,
              size_t size,
              int (*compare)(const void *, const void *))
{
    if (hde_self == NULL) {
        return HDE_REAL(lsearch)(key, array, count, size, compare);
    }
    void *found = lfind(key, array, count, size, compare);

    if (found == NULL) {
        hde_access((uint64_t)count, sizeof(*count), true, HDE_CALLER());
        hde_access((uint64_t)array + *count * size, size, true, HDE_CALLER());
        found = HDE_REAL(lsearch)(key, array, count, size, compare);
    }
    return found;
}
