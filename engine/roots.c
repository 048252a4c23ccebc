/*
 * Roots: the data of libraries, as the dynamic linker has loaded them.
 *
 * The program itself comes first in its list, and is left out: its globals are looked at where they
 * were written, and among them are the engine's own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/roots.h"

#include <link.h>
#include <stddef.h>
#include <string.h>

void (*hde_roots_of_threads)(void (*visit)(uint64_t word));

struct search {
    void (*visit)(uint64_t word);
    unsigned objects; /* so far */
};

static void visit_segment(const struct search *search, uint64_t begin, uint64_t size)
{
    uint64_t first = (begin + sizeof(uint64_t) - 1) & ~(uint64_t)(sizeof(uint64_t) - 1);

    for (uint64_t at = first; at + sizeof(uint64_t) <= begin + size; at += sizeof(uint64_t)) {
        uint64_t word;

        (void)memcpy(&word, (const void *)at, sizeof(word));
        search->visit(word);
    }
}

static int visit_object(struct dl_phdr_info *object, size_t size, void *state)
{
    struct search *search = state;

    (void)size;
    for (int i = 0; search->objects > 0 && i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_W) != 0) {
            visit_segment(search, object->dlpi_addr + segment->p_vaddr, segment->p_memsz);
        }
    }
    search->objects++;
    return 0;
}

void hde_roots_of_libraries(void (*visit)(uint64_t word))
{
    struct search search = {.visit = visit};

    (void)dl_iterate_phdr(visit_object, &search);
}
