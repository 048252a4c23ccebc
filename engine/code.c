/*
 * Code addresses in 32 bits: the table of those outside the program.
 *
 * Searched from its end: programs have few such places, and they come in runs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/code.h"

#include "engine/fatal.h"

#define FAR_MAX 4096U

static uintptr_t far[FAR_MAX];
static uint32_t far_count;

uint32_t hde_code_intern(uintptr_t address)
{
    for (uint32_t i = far_count; i > 0; i--) {
        if (far[i - 1] == address) {
            return HDE_CODE_FAR | (i - 1);
        }
    }
    if (far_count == FAR_MAX) {
        hde_fatal("more than 4096 places in shared libraries synchronize: link them statically");
    }
    far[far_count] = address;
    return HDE_CODE_FAR | far_count++;
}

uintptr_t hde_code_unpack(uint32_t packed)
{
    if ((packed & HDE_CODE_FAR) != 0) {
        return far[packed & ~HDE_CODE_FAR];
    }
    return (uintptr_t)__executable_start + packed;
}
