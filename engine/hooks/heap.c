/*
 * Hooks for the heap: malloc, calloc, realloc, free and their relatives.
 *
 * In an execution a block comes from the arena of the thread that asks (arena.h). Freeing it is a
 * write of all of it, so that a free that races with a use is a data race like any other; a block
 * that is freed twice, or was never allocated, ends the execution. Outside an execution all pass
 * through to libc, and so do libc's own calls in one (heap_of_libc.c).
 *
 * A block that is older than the execution is part of the state that each execution begins with:
 * its free is seen, but does not take place. Its contents are not restored, unlike those of
 * globals.
 *
 * Modelled   malloc calloc realloc reallocarray free aligned_alloc memalign posix_memalign valloc
 *            malloc_usable_size strdup strndup
 *
 * Source: libc exports its functions as __libc_malloc and so on for those who replace them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/arena.h"
#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/globals.h"
#include "engine/hooks/heap.h"
#include "engine/hooks/real.h"

/* Memory that was never written reads as this; as a pointer it is one that no memory is at. */
#define FRESH 0xa5
#define ALIGNMENT ((size_t)16)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static bool is_native(const void *return_address)
{
    return hde_self == NULL || hde_heap_is_libc((uintptr_t)return_address);
}

/* A block that libc has just allocated for itself. */
static void *native(void *memory)
{
    if (hde_self != NULL) {
        hde_heap_remember(memory);
    }
    return memory;
}

static void *take(size_t size, size_t alignment, int fill, uint32_t pc)
{
    struct hde_thread *self = hde_self;
    void *memory = hde_arena_take(self->id, size, alignment, fill);

    if (memory == NULL) {
        errno = ENOMEM;
        return NULL;
    }

    struct hde_block *block = hde_arena_block(memory);

    block->pc = pc;
    block->context = self->context;
    return memory;
}

static bool is_power_of_two(size_t number) { return number != 0 && (number & (number - 1)) == 0; }

static size_t at_least(size_t alignment) { return alignment < ALIGNMENT ? ALIGNMENT : alignment; }

/* ---- Allocation ------------------------------------------------------------------------------ */

void *malloc(size_t size)
{
    if (is_native(__builtin_return_address(0))) {
        return native(__libc_malloc(size));
    }
    return take(size, ALIGNMENT, FRESH, HDE_CALLER());
}

void *calloc(size_t count, size_t size)
{
    size_t total = 0;

    if (is_native(__builtin_return_address(0))) {
        return native(__libc_calloc(count, size));
    }
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return take(total, ALIGNMENT, 0, HDE_CALLER());
}

void *memalign(size_t alignment, size_t size)
{
    if (is_native(__builtin_return_address(0))) {
        return native(__libc_memalign(alignment, size));
    }
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return take(size, at_least(alignment), FRESH, HDE_CALLER());
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (is_native(__builtin_return_address(0))) {
        return native(__libc_memalign(alignment, size));
    }
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return take(size, at_least(alignment), FRESH, HDE_CALLER());
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    int saved_errno = errno;
    void *taken = NULL;

    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) {
        return EINVAL;
    }
    if (is_native(__builtin_return_address(0))) {
        taken = native(__libc_memalign(alignment, size));
    } else {
        taken = take(size, at_least(alignment), FRESH, HDE_CALLER());
        hde_access((uint64_t)memory, sizeof(*memory), true, HDE_CALLER());
    }
    errno = saved_errno;
    if (taken == NULL) {
        return ENOMEM;
    }
    *memory = taken;
    return 0;
}

void *valloc(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (is_native(__builtin_return_address(0))) {
        return native(__libc_memalign(page, size));
    }
    return take(size, page, FRESH, HDE_CALLER());
}

static char *copy_string(const char *string, size_t length, uint32_t pc)
{
    char *copy = take(length + 1, ALIGNMENT, 0, pc);

    return copy == NULL ? NULL : memcpy(copy, string, length);
}

char *strdup(const char *string)
{
    size_t length = strlen(string);

    if (!is_native(__builtin_return_address(0))) {
        hde_access((uint64_t)string, length + 1, false, HDE_CALLER());
        return copy_string(string, strlen(string), HDE_CALLER());
    }

    char *copy = native(__libc_malloc(length + 1));

    return copy == NULL ? NULL : memcpy(copy, string, length + 1);
}

char *strndup(const char *string, size_t size_max)
{
    size_t length = strnlen(string, size_max);

    if (!is_native(__builtin_return_address(0))) {
        hde_access((uint64_t)string, length < size_max ? length + 1 : length, false, HDE_CALLER());
        return copy_string(string, strnlen(string, size_max), HDE_CALLER());
    }

    char *copy = native(__libc_calloc(1, length + 1));

    return copy == NULL ? NULL : memcpy(copy, string, length);
}

/* ---- Release --------------------------------------------------------------------------------- */

static noreturn void fail(const char *text, const void *memory, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_CRASH, .places_count = 1};

    finding.places[0] = (struct hde_place){
        .address = (uint64_t)memory,
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
    (void)memcpy(finding.text, text, strlen(text) + 1);
    hde_execution_fail(&finding);
}

static void free_of_arena(void *memory, uint32_t pc)
{
    struct hde_block *block = hde_arena_block(memory);

    if (block == NULL) {
        fail("free() of what no allocation returned", memory, pc);
    }
    hde_access((uint64_t)memory, block->size, true, pc);
    if (block->is_freed) {
        fail("free() of a block that was freed before", memory, pc);
    }
    block->is_freed = true;
    block->free_pc = pc;
    block->free_context = hde_self->context;
    block->free_thread = hde_self->id;
}

static bool is_on_heap(const void *memory)
{
    uint64_t address = (uint64_t)memory;

    return address - (uint64_t)__data_start >= (uint64_t)_end - (uint64_t)__data_start &&
           hde_fiber_stack_owner(address) == HDE_THREADS_MAX;
}

/* Of libc's heap, by the code under test. */
static void free_of_libc(void *memory, uint32_t pc)
{
    if (!is_on_heap(memory)) {
        fail("free() of what no allocation returned", memory, pc);
    }
    hde_access((uint64_t)memory, HDE_REAL(malloc_usable_size)(memory), true, pc);
    if (hde_heap_forget(memory)) {
        hde_heap_release(memory);
    }
}

/* By libc itself; what is older than the execution is libc's own affair. */
static void free_by_libc(void *memory)
{
    if (hde_heap_forget(memory)) {
        hde_heap_release(memory);
    } else {
        __libc_free(memory);
    }
}

void free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    if (hde_arena_has((uint64_t)memory)) {
        /* Outside an execution, the arena is empty. */
        if (hde_self != NULL) {
            free_of_arena(memory, HDE_CALLER());
        }
    } else if (hde_self == NULL) {
        __libc_free(memory);
    } else if (hde_heap_is_libc((uintptr_t)__builtin_return_address(0))) {
        free_by_libc(memory);
    } else {
        free_of_libc(memory, HDE_CALLER());
    }
}

/* ---- Another size ---------------------------------------------------------------------------- */

size_t malloc_usable_size(void *memory)
{
    if (memory != NULL && hde_arena_has((uint64_t)memory)) {
        const struct hde_block *block = hde_arena_block(memory);

        return block == NULL ? 0 : (size_t)block->size;
    }
    return HDE_REAL(malloc_usable_size)(memory);
}

static void *move(void *memory, size_t old_size, size_t size, uint32_t pc)
{
    size_t kept = old_size < size ? old_size : size;
    void *taken = take(size, ALIGNMENT, FRESH, pc);

    if (taken == NULL) {
        return NULL;
    }
    hde_access((uint64_t)memory, kept, false, pc);
    return memcpy(taken, memory, kept);
}

/* By the code under test; `memory` may be of the arena or of libc's heap. */
static void *resize(void *memory, size_t size, uint32_t pc)
{
    bool is_of_arena = hde_arena_has((uint64_t)memory);

    if (is_of_arena ? hde_arena_block(memory) == NULL : !is_on_heap(memory)) {
        fail("realloc() of what no allocation returned", memory, pc);
    }

    void *taken = size == 0 ? NULL : move(memory, malloc_usable_size(memory), size, pc);

    if (taken == NULL && size != 0) {
        return NULL;
    }
    if (is_of_arena) {
        free_of_arena(memory, pc);
    } else {
        free_of_libc(memory, pc);
    }
    return taken;
}

/* By libc itself, in an execution: as in free_by_libc(). */
static void *resize_by_libc(void *memory, size_t size)
{
    if (memory == NULL || !hde_heap_forget(memory)) {
        return native(__libc_realloc(memory, size));
    }
    size_t old_size = HDE_REAL(malloc_usable_size)(memory);
    void *taken = __libc_malloc(size);

    if (taken == NULL) {
        hde_heap_remember(memory);
        return NULL;
    }
    hde_heap_release(memory);
    return native(memcpy(taken, memory, old_size < size ? old_size : size));
}

static void *reallocate(void *memory, size_t size, const void *return_address)
{
    uint32_t pc = hde_code_pack(return_address);

    if (hde_self == NULL && memory != NULL && hde_arena_has((uint64_t)memory)) {
        return NULL;
    }
    if (memory != NULL && hde_arena_has((uint64_t)memory)) {
        return resize(memory, size, pc);
    }
    if (hde_self == NULL) {
        return __libc_realloc(memory, size);
    }
    if (is_native(return_address)) {
        return resize_by_libc(memory, size);
    }
    return memory == NULL ? take(size, ALIGNMENT, FRESH, pc) : resize(memory, size, pc);
}

void *realloc(void *memory, size_t size)
{
    return reallocate(memory, size, __builtin_return_address(0));
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return reallocate(memory, total, __builtin_return_address(0));
}
