/*
 * Raw memory functions: libc's own memcpy() and the like, for the engine.
 *
 * hooks/memory.c and hooks/string.c define memcpy, strlen ... so that what they touch in the code
 * under test is seen. The engine calls them too, and compilers call them for it: a copy of a struct
 * is a memcpy(). Such a call must not come back to a hook, which would take the engine's memory for
 * the program's and, being the engine itself, call itself for ever. So this header is included in
 * every source of the engine, by the build (-include); it tells the assembler that these names mean
 * others.
 *
 * The two files that define the hooks are compiled with HDE_DEFINES_MEMORY_HOOKS, and call
 * hde_raw_* by name. Not for link-time optimization, which makes one assembler file of all sources.
 *
 * Source: compiler-rt, sanitizer_redefine_builtins.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_RAW_MEMORY_H
#define HEDDLE_ENGINE_RAW_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#ifndef HDE_DEFINES_MEMORY_HOOKS
__asm__(".set memcpy, hde_raw_memcpy\n"
        ".set memmove, hde_raw_memmove\n"
        ".set memset, hde_raw_memset\n"
        ".set memcmp, hde_raw_memcmp\n"
        ".set bcmp, hde_raw_memcmp\n"
        ".set memchr, hde_raw_memchr\n"
        ".set strlen, hde_raw_strlen\n"
        ".set strnlen, hde_raw_strnlen\n"
        ".set strcmp, hde_raw_strcmp\n"
        ".set strncmp, hde_raw_strncmp\n"
        ".set strchr, hde_raw_strchr\n"
        ".set strrchr, hde_raw_strrchr\n"
        ".set snprintf, hde_raw_snprintf\n"
        ".set vsnprintf, hde_raw_vsnprintf\n");
#endif

void *hde_raw_memcpy(void *to, const void *from, size_t size);
void *hde_raw_memmove(void *to, const void *from, size_t size);
void *hde_raw_memset(void *memory, int byte, size_t size);
int hde_raw_memcmp(const void *a, const void *b, size_t size);
void *hde_raw_memchr(const void *memory, int byte, size_t size);
size_t hde_raw_strlen(const char *string);
size_t hde_raw_strnlen(const char *string, size_t size_max);
int hde_raw_strcmp(const char *a, const char *b);
int hde_raw_strncmp(const char *a, const char *b, size_t size_max);
char *hde_raw_strchr(const char *string, int character);
char *hde_raw_strrchr(const char *string, int character);
int hde_raw_snprintf(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int hde_raw_vsnprintf(char *to, size_t size, const char *format, va_list arguments);

#endif
