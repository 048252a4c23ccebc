/*
 * The calls that -fsanitize=thread makes for volatile accesses where it tells them apart
 * (-tsan-distinguish-volatile). In C11 they are plain accesses: volatile orders nothing.
 *
 * Modelled   __tsan_volatile_* __tsan_unaligned_volatile_*
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>

#include "engine/access.h"
#include "engine/code.h"
#include "engine/hooks/tsan.h"

void __tsan_volatile_read1(const volatile void *memory)
{
    hde_access_small(memory, 1, false, __builtin_return_address(0));
}

void __tsan_volatile_read2(const volatile void *memory)
{
    hde_access_small(memory, 2, false, __builtin_return_address(0));
}

void __tsan_volatile_read4(const volatile void *memory)
{
    hde_access_small(memory, 4, false, __builtin_return_address(0));
}

void __tsan_volatile_read8(const volatile void *memory)
{
    hde_access_small(memory, 8, false, __builtin_return_address(0));
}

void __tsan_volatile_read16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, false, HDE_CALLER());
}

void __tsan_volatile_write1(const volatile void *memory)
{
    hde_access_small(memory, 1, true, __builtin_return_address(0));
}

void __tsan_volatile_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_volatile_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_volatile_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_volatile_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}

void __tsan_unaligned_volatile_read2(const volatile void *memory)
{
    hde_access_small(memory, 2, false, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_read4(const volatile void *memory)
{
    hde_access_small(memory, 4, false, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_read8(const volatile void *memory)
{
    hde_access_small(memory, 8, false, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_read16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, false, HDE_CALLER());
}

void __tsan_unaligned_volatile_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_unaligned_volatile_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}
