/*
 * The calls that -fsanitize=thread makes. The names are the compilers'.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_TSAN_H
#define HEDDLE_ENGINE_HOOKS_TSAN_H

#include <stdint.h>

void __tsan_read1(const volatile void *memory);
void __tsan_read2(const volatile void *memory);
void __tsan_read4(const volatile void *memory);
void __tsan_read8(const volatile void *memory);
void __tsan_read16(const volatile void *memory);
void __tsan_write1(const volatile void *memory);
void __tsan_write2(const volatile void *memory);
void __tsan_write4(const volatile void *memory);
void __tsan_write8(const volatile void *memory);
void __tsan_write16(const volatile void *memory);
void __tsan_read_write1(const volatile void *memory);
void __tsan_read_write2(const volatile void *memory);
void __tsan_read_write4(const volatile void *memory);
void __tsan_read_write8(const volatile void *memory);
void __tsan_read_write16(const volatile void *memory);
void __tsan_unaligned_read2(const volatile void *memory);
void __tsan_unaligned_read4(const volatile void *memory);
void __tsan_unaligned_read8(const volatile void *memory);
void __tsan_unaligned_read16(const volatile void *memory);
void __tsan_unaligned_write2(const volatile void *memory);
void __tsan_unaligned_write4(const volatile void *memory);
void __tsan_unaligned_write8(const volatile void *memory);
void __tsan_unaligned_write16(const volatile void *memory);
void __tsan_unaligned_read_write2(const volatile void *memory);
void __tsan_unaligned_read_write4(const volatile void *memory);
void __tsan_unaligned_read_write8(const volatile void *memory);
void __tsan_unaligned_read_write16(const volatile void *memory);
void __tsan_volatile_read1(const volatile void *memory);
void __tsan_volatile_read2(const volatile void *memory);
void __tsan_volatile_read4(const volatile void *memory);
void __tsan_volatile_read8(const volatile void *memory);
void __tsan_volatile_read16(const volatile void *memory);
void __tsan_volatile_write1(const volatile void *memory);
void __tsan_volatile_write2(const volatile void *memory);
void __tsan_volatile_write4(const volatile void *memory);
void __tsan_volatile_write8(const volatile void *memory);
void __tsan_volatile_write16(const volatile void *memory);
void __tsan_unaligned_volatile_read2(const volatile void *memory);
void __tsan_unaligned_volatile_read4(const volatile void *memory);
void __tsan_unaligned_volatile_read8(const volatile void *memory);
void __tsan_unaligned_volatile_read16(const volatile void *memory);
void __tsan_unaligned_volatile_write2(const volatile void *memory);
void __tsan_unaligned_volatile_write4(const volatile void *memory);
void __tsan_unaligned_volatile_write8(const volatile void *memory);
void __tsan_unaligned_volatile_write16(const volatile void *memory);

void __tsan_read_range(const volatile void *memory, uintptr_t size);
void __tsan_write_range(const volatile void *memory, uintptr_t size);
void __tsan_vptr_read(const volatile void *memory);
void __tsan_vptr_update(const volatile void *memory, const void *value);
void __tsan_func_entry(const void *call);
void __tsan_func_exit(void);
void __tsan_init(void);
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);
void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

#endif
