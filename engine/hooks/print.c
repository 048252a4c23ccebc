/*
 * Hooks for the printf() family: what is printed is read, and what is printed to a string written.
 *
 * What goes to a file is libc's affair, which locks the file as long as that takes: other threads
 * have their turns before and after.
 *
 * How much sprintf() writes is found out first, by formatting to nowhere. asprintf() takes its
 * memory from the arena, as malloc() does.
 *
 * Modelled   asprintf dprintf fprintf printf snprintf sprintf vasprintf vdprintf vfprintf vprintf
 *            vsnprintf vsprintf
 *
 * Source: printf(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/format.h"
#include "engine/hooks/heap.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"
#include "engine/raw_memory.h"

/* Two have another name in C than for the linker: nobody is to call them here. */
int hook_sprintf(char *restrict to, const char *restrict format, ...) __asm__("sprintf");
int hook_vsprintf(char *restrict to,
                  const char *restrict format,
                  va_list arguments) __asm__("vsprintf");
int hook_vprintf(const char *restrict format, va_list arguments) __asm__("vprintf");

/* ---- To a file ------------------------------------------------------------------------------- */

static void will_print(const char *format, va_list arguments, uint32_t pc)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(pc);
        hde_format_announce(format, arguments, pc);
        hde_libc_call_begins(pc);
    }
}

int printf(const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    will_print(format, arguments, HDE_CALLER());
    int printed = HDE_REAL(vfprintf)(stdout, format, arguments);

    va_end(arguments);
    return printed;
}

int hook_vprintf(const char *restrict format, va_list arguments)
{
    will_print(format, arguments, HDE_CALLER());
    return HDE_REAL(vfprintf)(stdout, format, arguments);
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    will_print(format, arguments, HDE_CALLER());
    int printed = HDE_REAL(vfprintf)(file, format, arguments);

    va_end(arguments);
    return printed;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments)
{
    will_print(format, arguments, HDE_CALLER());
    return HDE_REAL(vfprintf)(file, format, arguments);
}

int dprintf(int file, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    will_print(format, arguments, HDE_CALLER());
    int printed = HDE_REAL(vdprintf)(file, format, arguments);

    va_end(arguments);
    return printed;
}

int vdprintf(int file, const char *restrict format, va_list arguments)
{
    will_print(format, arguments, HDE_CALLER());
    return HDE_REAL(vdprintf)(file, format, arguments);
}

/* ---- To a string ----------------------------------------------------------------------------- */

/* Bytes, with the end; 0 if it cannot be formatted. */
static size_t size_of(const char *format, va_list arguments)
{
    va_list copy;

    va_copy(copy, arguments);
    int length = hde_raw_vsnprintf(NULL, 0, format, copy);

    va_end(copy);
    return length < 0 ? 0 : (size_t)length + 1;
}

static int print_to(char *to, size_t size, const char *format, va_list arguments, uint32_t pc)
{
    will_print(format, arguments, pc);
    if (hde_self != NULL) {
        size_t wanted = size_of(format, arguments);

        hde_access((uint64_t)to, wanted < size ? wanted : size, true, pc);
        hde_libc_call_begins(pc);
        /* While others had their turn, what is printed may have become longer. */
        size = wanted < size && wanted > 0 ? wanted : size;
    }
    return hde_raw_vsnprintf(to, size, format, arguments);
}

/* vsnprintf() refuses more room than this. */
#define ANY_SIZE ((size_t)INT32_MAX)

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int printed = print_to(to, size, format, arguments, HDE_CALLER());

    va_end(arguments);
    return printed;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments)
{
    return print_to(to, size, format, arguments, HDE_CALLER());
}

int hook_sprintf(char *restrict to, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int printed = print_to(to, ANY_SIZE, format, arguments, HDE_CALLER());

    va_end(arguments);
    return printed;
}

int hook_vsprintf(char *restrict to, const char *restrict format, va_list arguments)
{
    return print_to(to, ANY_SIZE, format, arguments, HDE_CALLER());
}

/* ---- To a string of its own ------------------------------------------------------------------ */

static int print_new(char **to, const char *format, va_list arguments, uint32_t pc)
{
    will_print(format, arguments, pc);

    size_t size = size_of(format, arguments);
    char *memory = size == 0 ? NULL : hde_heap_take(size, pc);

    hde_access((uint64_t)to, sizeof(*to), true, pc);
    *to = memory;
    return memory == NULL ? -1 : hde_raw_vsnprintf(memory, size, format, arguments);
}

int vasprintf(char **restrict to, const char *restrict format, va_list arguments)
{
    if (hde_self == NULL) {
        return HDE_REAL(vasprintf)(to, format, arguments);
    }
    return print_new(to, format, arguments, HDE_CALLER());
}

int asprintf(char **restrict to, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int printed = hde_self == NULL ? HDE_REAL(vasprintf)(to, format, arguments)
                                   : print_new(to, format, arguments, HDE_CALLER());

    va_end(arguments);
    return printed;
}
