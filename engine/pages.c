/*
 * Pages: one mmap() each, without reserving swap.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/pages.h"

#include <sys/mman.h>

#include "engine/fatal.h"

void *hde_pages_reserve(size_t size, const char *what)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (pages == MAP_FAILED) {
        hde_fatal_errno(what);
    }
    return pages;
}
