/*
 * The calls that -fsanitize=thread makes for plain accesses and for entering and leaving functions.
 *
 * The names and arguments are the compilers': those of clang 14 to 19 and gcc 12. Volatile accesses
 * are plain ones in C11; so are those of vtable pointers. A compound access reads and writes, which
 * a write says as well.
 *
 * Modelled   __tsan_read* __tsan_write* __tsan_unaligned_read* __tsan_unaligned_write*
 *            __tsan_vptr_read __tsan_vptr_update __tsan_func_entry __tsan_func_exit
 * Accepted   __tsan_init __tsan_ignore_thread_begin __tsan_ignore_thread_end
 *
 * Source: what the compilers emit; tests/engine/programs/builtins.c uses them all.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>

#include "engine/access.h"
#include "engine/code.h"
#include "engine/context.h"
#include "engine/hooks/tsan.h"
#include "engine/sanitizer.h"

void __tsan_read1(const volatile void *memory)
{
    hde_access_small(memory, 1, false, __builtin_return_address(0));
}

void __tsan_read2(const volatile void *memory)
{
    hde_access_small(memory, 2, false, __builtin_return_address(0));
}

void __tsan_read4(const volatile void *memory)
{
    hde_access_small(memory, 4, false, __builtin_return_address(0));
}

void __tsan_read8(const volatile void *memory)
{
    hde_access_small(memory, 8, false, __builtin_return_address(0));
}

void __tsan_read16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, false, HDE_CALLER());
}

void __tsan_write1(const volatile void *memory)
{
    hde_access_small(memory, 1, true, __builtin_return_address(0));
}

void __tsan_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}

void __tsan_read_write1(const volatile void *memory)
{
    hde_access_small(memory, 1, true, __builtin_return_address(0));
}

void __tsan_read_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_read_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_read_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_read_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}

void __tsan_unaligned_read2(const volatile void *memory)
{
    hde_access_small(memory, 2, false, __builtin_return_address(0));
}

void __tsan_unaligned_read4(const volatile void *memory)
{
    hde_access_small(memory, 4, false, __builtin_return_address(0));
}

void __tsan_unaligned_read8(const volatile void *memory)
{
    hde_access_small(memory, 8, false, __builtin_return_address(0));
}

void __tsan_unaligned_read16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, false, HDE_CALLER());
}

void __tsan_unaligned_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_unaligned_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_unaligned_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_unaligned_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}

void __tsan_unaligned_read_write2(const volatile void *memory)
{
    hde_access_small(memory, 2, true, __builtin_return_address(0));
}

void __tsan_unaligned_read_write4(const volatile void *memory)
{
    hde_access_small(memory, 4, true, __builtin_return_address(0));
}

void __tsan_unaligned_read_write8(const volatile void *memory)
{
    hde_access_small(memory, 8, true, __builtin_return_address(0));
}

void __tsan_unaligned_read_write16(const volatile void *memory)
{
    hde_access((uintptr_t)memory, 16, true, HDE_CALLER());
}

void __tsan_read_range(const volatile void *memory, uintptr_t size)
{
    hde_access((uintptr_t)memory, size, false, HDE_CALLER());
}

void __tsan_write_range(const volatile void *memory, uintptr_t size)
{
    hde_access((uintptr_t)memory, size, true, HDE_CALLER());
}

void __tsan_vptr_read(const volatile void *memory)
{
    hde_access_small(memory, sizeof(void *), false, __builtin_return_address(0));
}

/* Storing the pointer that is there already is no write: constructors of base classes do. */
void __tsan_vptr_update(const volatile void *memory, const void *value)
{
    bool writes = *(const void *const volatile *)memory != value;

    hde_access_small(memory, sizeof(void *), writes, __builtin_return_address(0));
}

void __tsan_func_entry(const void *call)
{
    struct hde_thread *self = hde_self;

    if (self == NULL) {
        return;
    }
    self->context = hde_context_enter(self->context, hde_code_pack(call));
    if (self->depth < HDE_FRAMES_MAX) {
        self->frames[self->depth] = (uintptr_t)__builtin_frame_address(0);
    }
    self->depth++;
    hde_sanitizer_enter(call);
}

void __tsan_func_exit(void)
{
    struct hde_thread *self = hde_self;

    if (self != NULL && self->depth > 0) {
        self->context = hde_context_leave(self->context);
        self->depth--;
        hde_sanitizer_leave();
    }
}

/* Nothing to do: the engine is there before the first instrumented function is. */
void __tsan_init(void) {}

/* Only coverage instrumentation emits these, around its counters. */
void __tsan_ignore_thread_begin(void) {}

void __tsan_ignore_thread_end(void) {}
