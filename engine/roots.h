/*
 * Roots: where pointers to blocks may be that are neither in a block nor in the program's globals.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ROOTS_H
#define HEDDLE_ENGINE_ROOTS_H

#include <stdint.h>

/* Calls visit() for each value that thread 0 keeps under a key (a hook's); NULL: there are none. */
extern void (*hde_roots_of_threads)(void (*visit)(uint64_t word));

/* Calls visit() for each word of the writable data of all libraries. Outside executions. */
void hde_roots_of_libraries(void (*visit)(uint64_t word));

#endif
