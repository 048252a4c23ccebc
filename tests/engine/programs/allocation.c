/*
 * Allocation: the programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/allocation.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <heddle/check.h>

/* The compiler knows nothing of the pointer: it does not take it for granted that it is one. */
static void *opaque(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

/* The analyzer does not see through opaque().
 * NOLINTBEGIN(clang-analyzer-unix.Malloc) */

/* Whether a call failed, which must have said so. */
static void look_at(unsigned call, void *block, int error)
{
    if (block == NULL) {
        HD_EXPECT(error == ENOMEM);
        hd_test_allocation_failed(call);
    }
    free(block);
}

static void call_one(unsigned call)
{
    void *block = NULL;
    int error = 0;

    errno = 0;
    switch (call) {
    case 0:
        block = malloc(8);
        break;
    case 1:
        block = calloc(2, 4);
        break;
    case 2:
        block = realloc(NULL, 8);
        break;
    case 3:
        block = reallocarray(NULL, 2, 4);
        break;
    case 4:
        block = aligned_alloc(64, 64);
        break;
    case 5:
        block = memalign(64, 64);
        break;
    case 6:
        error = posix_memalign(&block, 64, 64);
        break;
    case 7:
        block = strdup("abc");
        break;
    default:
        block = strndup("abc", 2);
        break;
    }
    look_at(call, opaque(block), error == 0 ? errno : error);
}

/* The block is there as before if it cannot be made larger. */
static void enlarge(void)
{
    char *block = opaque(malloc(4));

    if (block != NULL) {
        memcpy(block, "abc", 4);
        char *same = opaque(block);
        char *larger = opaque(realloc(block, 4000));

        HD_EXPECT(strcmp(larger == NULL ? same : larger, "abc") == 0);
        free(larger == NULL ? same : larger);
    }
}

void hd_allocation_call_all(void *unused)
{
    (void)unused;
    for (unsigned call = 0; call < ALLOCATION_CALLS; call++) {
        call_one(call);
    }
    enlarge();
}

void hd_allocation_forget(void *unused)
{
    int *careful = opaque(malloc(sizeof(int)));
    int *careless = opaque(malloc(sizeof(int)));

    (void)unused;
    HD_EXPECT(careless != NULL);
    free(careful);
    free(careless);
}

void hd_allocation_overlap(void *unused)
{
    static int inside; /* atomic */
    void *block = opaque(malloc(8));

    (void)unused;
    HD_EXPECT(__atomic_fetch_add(&inside, 1, __ATOMIC_RELAXED) == 0);
    free(opaque(malloc(8)));
    (void)__atomic_fetch_sub(&inside, 1, __ATOMIC_RELAXED);
    free(block);
}

/* NOLINTEND(clang-analyzer-unix.Malloc) */
