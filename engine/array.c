/*
 * Array: mmap() and mremap(), so that growing copies page tables instead of items.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/array.h"

#include <stdint.h>
#include <sys/mman.h>

#include "engine/fatal.h"

#define LEAST_BYTES ((size_t)4096)

/* What an array with this capacity has mapped: less than one item of it is out of use. */
static size_t mapped_bytes(size_t capacity, size_t item_size)
{
    return (capacity * item_size + LEAST_BYTES - 1) / LEAST_BYTES * LEAST_BYTES;
}

void *hde_array_grow(void *items, size_t *capacity, size_t count, size_t item_size)
{
    if (count <= *capacity) {
        return items;
    }
    if (count > SIZE_MAX / 4 / item_size) {
        hde_fatal("an array would be larger than memory");
    }
    size_t old_bytes = mapped_bytes(*capacity, item_size);
    size_t bytes = old_bytes == 0 ? LEAST_BYTES : old_bytes;

    while (bytes < count * item_size) {
        bytes *= 2;
    }
    void *grown = old_bytes == 0 ? mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                 : mremap(items, old_bytes, bytes, MREMAP_MAYMOVE);

    if (grown == MAP_FAILED) {
        hde_fatal_errno("no memory for a larger array");
    }
    *capacity = bytes / item_size;
    return grown;
}

void hde_array_release(void *items, size_t capacity, size_t item_size)
{
    if (items != NULL && munmap(items, mapped_bytes(capacity, item_size)) != 0) {
        hde_fatal_errno("an array cannot be released");
    }
}
