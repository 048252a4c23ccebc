/*
 * Globals: what the code under test wrote to the program's own .data and .bss is undone when the
 * execution ends, so that each one begins with the same values.
 *
 * Before a byte is first written in an execution, its old value is logged. Which bytes have been is
 * kept in a stamp for each 8 bytes, void in any other execution; so the log is no longer than what
 * was written, however often. Bytes that were not written are not touched at the end either:
 * variables of the engine may lie beside them.
 *
 * Not covered: the data of shared libraries, and writes by code that is neither instrumented nor
 * hooked.
 *
 * Source: an undo log, as in software transactional memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_GLOBALS_H
#define HEDDLE_ENGINE_GLOBALS_H

#include <stddef.h>
#include <stdint.h>

extern char __data_start[];
extern char _end[];

/* Log the old bytes of a write to globals that begins at `address`. */
void hde_globals_log(uint64_t address, uint64_t size);

/* How many times bytes were logged in this execution, and in which 8 bytes each time. */
size_t hde_globals_logged(void);
uint64_t hde_globals_granule(size_t entry);

/* Undo all writes; the next execution begins. */
void hde_globals_restore(void);

/* Of the bytes in granules that have been written in this execution, as they are now. */
uint64_t hde_globals_hash(void);

/* The code under test, or a hook for it, is about to write memory of its own. */
static inline void hde_globals_written(uint64_t address, uint64_t size)
{
    if (__builtin_expect(address - (uint64_t)__data_start < (uint64_t)_end - (uint64_t)__data_start,
                         0)) {
        hde_globals_log(address, size);
    }
}

#endif
