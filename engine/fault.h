/*
 * Fault: what the registers say of a crash. One file a machine: arch/.
 *
 * `context` is the third argument of a signal handler. The answer is 0 where it is not known.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_FAULT_H
#define HEDDLE_ENGINE_FAULT_H

#include <stdint.h>

/* The program counter. */
uintptr_t hde_fault_pc(const void *context);

/* Where the function whose first instruction is at fault would have returned to. */
uintptr_t hde_fault_return_address(const void *context);

#endif
