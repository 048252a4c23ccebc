/*
 * Hooks for memory functions: memcpy, memmove, memset, memcmp ...
 *
 * libc is not instrumented, so what these touch is reported here, as one plain access a range, just
 * before it is touched. Code under test reaches them by name, also where it copies a struct, or as
 * __tsan_memcpy and so on, which newer compilers call. The engine does not: raw_memory.h.
 *
 * A comparison reads no further than the first difference, as the standard lets it: callers rely on
 * what lies behind it being anything.
 *
 * Modelled   memcpy memmove mempcpy memset memcmp bcmp bzero memchr __memcpy_chk __memmove_chk
 *            __mempcpy_chk __memset_chk __tsan_memcpy __tsan_memmove __tsan_memset
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/libc_call.h"
#include "engine/raw_memory.h"

int bcmp(const void *a, const void *b, size_t size);
void bzero(void *memory, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *memory, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *mempcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *memory, int byte, size_t size);
void *__memcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__memmove_chk(void *to, const void *from, size_t size, size_t room);
void *__mempcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__memset_chk(void *memory, int byte, size_t size, size_t room);
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memset(void *memory, int byte, size_t size);

static void will_copy(const void *to, const void *from, size_t size, uint32_t pc)
{
    hde_access((uint64_t)from, size, false, pc);
    hde_access((uint64_t)to, size, true, pc);
    hde_libc_call_begins(pc);
}

static void will_fill(const void *memory, size_t size, uint32_t pc)
{
    hde_access((uint64_t)memory, size, true, pc);
    hde_libc_call_begins(pc);
}

/* ---- What writes ----------------------------------------------------------------------------- */

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memcpy(to, from, size);
}

void *mempcpy(void *restrict to, const void *restrict from, size_t size)
{
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return (char *)hde_raw_memcpy(to, from, size) + size;
}

void *memmove(void *to, const void *from, size_t size)
{
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memmove(to, from, size);
}

void *memset(void *memory, int byte, size_t size)
{
    if (hde_self != NULL) {
        will_fill(memory, size, HDE_CALLER());
    }
    return hde_raw_memset(memory, byte, size);
}

void bzero(void *memory, size_t size)
{
    if (hde_self != NULL) {
        will_fill(memory, size, HDE_CALLER());
    }
    (void)hde_raw_memset(memory, 0, size);
}

/* The same from code that was compiled with _FORTIFY_SOURCE: it knows how much room there is. */

void *__memcpy_chk(void *to, const void *from, size_t size, size_t room)
{
    hde_libc_call_expect_room(size, room, HDE_CALLER());
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memcpy(to, from, size);
}

void *__memmove_chk(void *to, const void *from, size_t size, size_t room)
{
    hde_libc_call_expect_room(size, room, HDE_CALLER());
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memmove(to, from, size);
}

void *__mempcpy_chk(void *to, const void *from, size_t size, size_t room)
{
    hde_libc_call_expect_room(size, room, HDE_CALLER());
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return (char *)hde_raw_memcpy(to, from, size) + size;
}

void *__memset_chk(void *memory, int byte, size_t size, size_t room)
{
    hde_libc_call_expect_room(size, room, HDE_CALLER());
    if (hde_self != NULL) {
        will_fill(memory, size, HDE_CALLER());
    }
    return hde_raw_memset(memory, byte, size);
}

/* The same from instrumentation, in place of the builtin functions. */

/* Compilers call it for structs that are assigned to themselves, so the two may be the same. */
void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memmove(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
    if (hde_self != NULL) {
        will_copy(to, from, size, HDE_CALLER());
    }
    return hde_raw_memmove(to, from, size);
}

void *__tsan_memset(void *memory, int byte, size_t size)
{
    if (hde_self != NULL) {
        will_fill(memory, size, HDE_CALLER());
    }
    return hde_raw_memset(memory, byte, size);
}

/* ---- What only reads ------------------------------------------------------------------------- */

/* libc looks first: if that is a crash, it is libc's, with the program's place known. */
static void will_compare(const void *a, const void *b, size_t size, uint32_t pc)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    size_t read = size;

    hde_libc_call_begins(pc);
    if (hde_raw_memcmp(a, b, size) != 0) {
        for (read = 1; left[read - 1] == right[read - 1];) {
            read++;
        }
    }
    hde_access((uint64_t)a, read, false, pc);
    hde_access((uint64_t)b, read, false, pc);
}

int memcmp(const void *a, const void *b, size_t size)
{
    if (hde_self != NULL) {
        will_compare(a, b, size, HDE_CALLER());
    }
    return hde_raw_memcmp(a, b, size);
}

int bcmp(const void *a, const void *b, size_t size)
{
    if (hde_self != NULL) {
        will_compare(a, b, size, HDE_CALLER());
    }
    return hde_raw_memcmp(a, b, size);
}

void *memchr(const void *memory, int byte, size_t size)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());

        const unsigned char *found = hde_raw_memchr(memory, byte, size);
        size_t read = found == NULL ? size : (size_t)(found - (const unsigned char *)memory) + 1;

        hde_access((uint64_t)memory, read, false, HDE_CALLER());
    }
    return hde_raw_memchr(memory, byte, size);
}
