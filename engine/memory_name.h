/*
 * Memory names: what a reader calls the memory at an address of the execution that has just ended.
 *
 * A global by its name; a scenario's state as `state'; a heap block by where it was allocated; a
 * thread's stack by its function. Members of structs by their names, where debug information says
 * which struct it is: for a block, what the functions that touched it call it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MEMORY_NAME_H
#define HEDDLE_ENGINE_MEMORY_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/trace.h"

struct hde_memory_name {
    char name[96];         /* state.lock, counter, node.next, block+8 */
    char whereabouts[160]; /* "in 24 bytes that ..."; "" if the name says it all */
};

/* `size` bytes at `address`; 1 is an object of any size. `trace` says who touched what. */
struct hde_memory_name
hde_memory_name(const struct hde_trace *trace, uint64_t address, uint64_t size);

#endif
