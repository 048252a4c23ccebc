/*
 * Heap: who owns a block that libc allocated while an execution ran.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_HEAP_H
#define HEDDLE_ENGINE_HOOKS_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether an address of code lies in libc or the dynamic linker. */
bool hde_heap_is_libc(uintptr_t pc);

/* A block of libc's own heap was allocated in an execution. */
void hde_heap_remember(const void *memory);

/* Whether it was; it is no longer remembered. */
bool hde_heap_forget(const void *memory);

/* Free a block that was remembered, after this execution. */
void hde_heap_release(void *memory);

/*
 * ---- For hooks of functions that allocate for the code under test -----------------------------
 */

/* As malloc() and realloc() that are called at `pc' by the code under test. */
void *hde_heap_take(size_t size, uint32_t pc);
void *hde_heap_resize(void *memory, size_t size, uint32_t pc);

/* Free at once what libc has just allocated for a hook, and nobody else knows of. */
void hde_heap_free_of_libc(void *memory);

#endif
