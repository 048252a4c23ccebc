/*
 * Heap: who owns a block that libc allocated while an execution ran.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_HEAP_H
#define HEDDLE_ENGINE_HOOKS_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* Whether an address of code lies in libc or the dynamic linker. */
bool hde_heap_is_libc(uintptr_t pc);

/* A block of libc's own heap was allocated in an execution. */
void hde_heap_remember(const void *memory);

/* Whether it was; it is no longer remembered. */
bool hde_heap_forget(const void *memory);

/* Free a block that was remembered, after this execution. */
void hde_heap_release(void *memory);

#endif
