/*
 * Heap of libc: the blocks that libc allocates for itself while an execution runs.
 *
 * stdio's buffers, the list of open files, a thread's dynamic storage: libc keeps such memory
 * beyond the execution, so it must not come from the arena. It is told by who calls malloc().
 * Blocks of it that the code under test frees itself (a line that getline() allocated) are really
 * freed, lest each execution lose one; those that are older than the execution are not, since the
 * next one begins with them. To tell these apart, the former are remembered in a table of open
 * addresses.
 *
 * They are freed when a later execution frees the next one: libc would hand the same memory to
 * another thread, whose accesses would seem to race with those before the free.
 *
 * When the table is full, blocks are not remembered, and so not freed.
 *
 * Source: deletion without tombstones: Knuth, The Art of Computer Programming 3, algorithm 6.4R.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/heap.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

#include "engine/arena.h"
#include "engine/fatal.h"

#define SLOTS_BITS 16
#define SLOTS (UINT64_C(1) << SLOTS_BITS)
#define REMEMBERED_MAX (SLOTS / 2)
#define RELEASED_MAX 4096U

void __libc_free(void *memory);

struct code {
    uintptr_t probe; /* an address in it */
    uintptr_t begin;
    uintptr_t size;
};

static struct code libc;   /* constant once the process has started */
static struct code linker; /* so is this */

static const void *slots[SLOTS]; /* NULL: free */
static uint64_t remembered;

static void *released[RELEASED_MAX]; /* to be freed; all in one execution */
static uint64_t released_count;
static uint64_t released_generation; /* of the arena, in that execution */

static void
take_segment(struct code *code, const struct dl_phdr_info *object, const ElfW(Phdr) * segment)
{
    uintptr_t begin = object->dlpi_addr + segment->p_vaddr;

    if (segment->p_type == PT_LOAD && code->probe - begin < segment->p_memsz) {
        code->begin = begin;
        code->size = segment->p_memsz;
    }
}

static int look_at(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        take_segment(&libc, object, &object->dlpi_phdr[i]);
        take_segment(&linker, object, &object->dlpi_phdr[i]);
    }
    return 0;
}

/* The functions' addresses as the program takes them would be those of its own stubs. */
__attribute__((constructor)) static void find_libc(void)
{
    libc.probe = (uintptr_t)dlsym(RTLD_NEXT, "gnu_get_libc_version");
    linker.probe = (uintptr_t)dlsym(RTLD_NEXT, "__tls_get_addr");
    (void)dl_iterate_phdr(look_at, NULL);
    if (libc.size == 0 || linker.size == 0) {
        hde_fatal("cannot find the code of libc in memory");
    }
}

bool hde_heap_is_libc(uintptr_t pc)
{
    return pc - libc.begin < libc.size || pc - linker.begin < linker.size;
}

static uint64_t home_of(const void *memory)
{
    return (uint64_t)memory / 16 * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SLOTS_BITS);
}

/* Where `memory` is, or the free slot where it would be. */
static uint64_t slot_of(const void *memory)
{
    uint64_t slot = home_of(memory);

    while (slots[slot] != NULL && slots[slot] != memory) {
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

void hde_heap_remember(const void *memory)
{
    if (memory != NULL && remembered < REMEMBERED_MAX) {
        slots[slot_of(memory)] = memory;
        remembered++;
    }
}

bool hde_heap_forget(const void *memory)
{
    uint64_t hole = slot_of(memory);

    if (slots[hole] == NULL) {
        return false;
    }
    slots[hole] = NULL;
    remembered--;
    /* What was pushed past the hole is moved back into it, so that searches still find it. */
    for (uint64_t slot = (hole + 1) % SLOTS; slots[slot] != NULL; slot = (slot + 1) % SLOTS) {
        uint64_t distance = (slot - home_of(slots[slot])) % SLOTS;

        if (distance >= (slot - hole) % SLOTS) {
            slots[hole] = slots[slot];
            slots[slot] = NULL;
            hole = slot;
        }
    }
    return true;
}

void hde_heap_release(void *memory)
{
    if (released_generation != hde_arena_generation || released_count == RELEASED_MAX) {
        for (; released_count > 0; released_count--) {
            __libc_free(released[released_count - 1]);
        }
        released_generation = hde_arena_generation;
    }
    released[released_count++] = memory;
}
