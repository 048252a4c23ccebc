/*
 * Code addresses in 32 bits: records of accesses keep a place in the code in half a word.
 *
 * An address in the program itself is its distance from the start of the program, which also makes
 * it the same in every run. One in a shared library is kept in a table and named by its index.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CODE_H
#define HEDDLE_ENGINE_CODE_H

#include <stdbool.h>
#include <stdint.h>

#define HDE_CODE_FAR UINT32_C(0x80000000) /* an index into the table of far addresses */

extern const char __executable_start[];

/* The index of a far address, with HDE_CODE_FAR set. */
uint32_t hde_code_intern(uintptr_t address);

/* Whether it lies in the program itself. */
static inline bool hde_code_is_near(const void *address)
{
    return (uintptr_t)address - (uintptr_t)__executable_start < HDE_CODE_FAR;
}

static inline uint32_t hde_code_pack(const void *address)
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)__executable_start;

    return __builtin_expect(offset < HDE_CODE_FAR, 1) ? (uint32_t)offset
                                                      : hde_code_intern((uintptr_t)address);
}

/* Pure: what is not needed costs nothing. */
__attribute__((pure)) uintptr_t hde_code_unpack(uint32_t packed);

/* The place that called the current function: where the program is in its own code. */
#define HDE_CALLER() hde_code_pack(__builtin_return_address(0))

#endif
