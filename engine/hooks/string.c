/*
 * Hooks for string functions: strlen, strcmp, strcpy ...
 *
 * As for memory functions (memory.c), what they touch is reported just before it is touched. How
 * much that is depends on what is there, so it is looked at twice: another thread may step, and
 * change it, at the access that is reported.
 *
 * Two have another name in C than for the linker: nobody is to call them here.
 *
 * Others (strtok, strstr, sprintf ...) are not intercepted: what they touch is not seen.
 *
 * Modelled   strlen strnlen strcmp strncmp strchr strrchr strcpy stpcpy strncpy strcat strncat
 *            __strcpy_chk __stpcpy_chk __strncpy_chk __strcat_chk __strncat_chk
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

size_t strlen(const char *string);
size_t strnlen(const char *string, size_t size_max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size_max);
char *strchr(const char *string, int character);
char *strrchr(const char *string, int character);
char *hook_strcpy(char *restrict to, const char *restrict from) __asm__("strcpy");
char *stpcpy(char *restrict to, const char *restrict from);
char *strncpy(char *restrict to, const char *restrict from, size_t size);
char *hook_strcat(char *restrict to, const char *restrict from) __asm__("strcat");
char *strncat(char *restrict to, const char *restrict from, size_t size_max);
char *__strcpy_chk(char *to, const char *from, size_t room);
char *__stpcpy_chk(char *to, const char *from, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t size, size_t room);
char *__strcat_chk(char *to, const char *from, size_t room);
char *__strncat_chk(char *to, const char *from, size_t size_max, size_t room);

/* Of a string, with its end; of one that goes on behind `size_max` bytes, these. */
static size_t size_within(const char *string, size_t size_max)
{
    size_t length = hde_raw_strnlen(string, size_max);

    return length < size_max ? length + 1 : length;
}

/* Where the program is, should libc crash in what it is called for next. */
static uint32_t enter(uint32_t pc)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(pc);
    }
    return pc;
}

static void will_read(const char *string, size_t size, uint32_t pc)
{
    hde_access((uint64_t)string, size, false, pc);
}

static void will_write(const char *string, size_t size, uint32_t pc)
{
    hde_access((uint64_t)string, size, true, pc);
}

/* ---- What only reads ------------------------------------------------------------------------- */

size_t strlen(const char *string)
{
    if (hde_self != NULL) {
        uint32_t pc = enter(HDE_CALLER());

        will_read(string, hde_raw_strlen(string) + 1, pc);
    }
    return hde_raw_strlen(string);
}

size_t strnlen(const char *string, size_t size_max)
{
    if (hde_self != NULL) {
        uint32_t pc = enter(HDE_CALLER());

        will_read(string, size_within(string, size_max), pc);
    }
    return hde_raw_strnlen(string, size_max);
}

static void will_compare(const char *a, const char *b, size_t size_max, uint32_t pc)
{
    size_t size = size_within(a, size_max);

    if (hde_raw_strncmp(a, b, size) != 0) {
        for (size = 1; a[size - 1] == b[size - 1];) {
            size++;
        }
    }
    will_read(a, size, pc);
    will_read(b, size, pc);
}

int strcmp(const char *a, const char *b)
{
    if (hde_self != NULL) {
        will_compare(a, b, SIZE_MAX, enter(HDE_CALLER()));
    }
    return hde_raw_strcmp(a, b);
}

int strncmp(const char *a, const char *b, size_t size_max)
{
    if (hde_self != NULL) {
        will_compare(a, b, size_max, enter(HDE_CALLER()));
    }
    return hde_raw_strncmp(a, b, size_max);
}

char *strchr(const char *string, int character)
{
    if (hde_self != NULL) {
        uint32_t pc = enter(HDE_CALLER());
        const char *found = hde_raw_strchr(string, character);
        size_t size = found == NULL ? hde_raw_strlen(string) : (size_t)(found - string);

        will_read(string, size + 1, pc);
    }
    return hde_raw_strchr(string, character);
}

char *strrchr(const char *string, int character)
{
    if (hde_self != NULL) {
        uint32_t pc = enter(HDE_CALLER());

        will_read(string, hde_raw_strlen(string) + 1, pc);
    }
    return hde_raw_strrchr(string, character);
}

/* ---- What copies ----------------------------------------------------------------------------- */

/* Copies a string to `to`, and returns where its end is there. */
static char *copy(char *to, const char *from, uint32_t pc)
{
    size_t size = hde_raw_strlen(from) + 1;

    will_read(from, size, pc);
    will_write(to, size, pc);
    (void)hde_raw_memcpy(to, from, size);
    return to + size - 1;
}

char *hook_strcpy(char *restrict to, const char *restrict from)
{
    (void)copy(to, from, enter(HDE_CALLER()));
    return to;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
    return copy(to, from, enter(HDE_CALLER()));
}

/* Fills all of `size`. */
static char *fill(char *to, const char *from, size_t size, uint32_t pc)
{
    will_read(from, size_within(from, size), pc);
    will_write(to, size, pc);
    size_t length = hde_raw_strnlen(from, size);

    (void)hde_raw_memcpy(to, from, length);
    (void)hde_raw_memset(to + length, 0, size - length);
    return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    return fill(to, from, size, enter(HDE_CALLER()));
}

/* Where the string at `to` ends: what is appended begins there. */
static char *end_of(char *to, uint32_t pc)
{
    will_read(to, hde_raw_strlen(to) + 1, pc);
    return to + hde_raw_strlen(to);
}

char *hook_strcat(char *restrict to, const char *restrict from)
{
    uint32_t pc = enter(HDE_CALLER());

    (void)copy(end_of(to, pc), from, pc);
    return to;
}

/* At most `size_max` bytes, and an end. */
static void append(char *end, const char *from, size_t size_max, uint32_t pc)
{
    will_read(from, size_within(from, size_max), pc);
    size_t length = hde_raw_strnlen(from, size_max);

    will_write(end, length + 1, pc);
    (void)hde_raw_memcpy(end, from, length);
    end[length] = '\0';
}

char *strncat(char *restrict to, const char *restrict from, size_t size_max)
{
    uint32_t pc = enter(HDE_CALLER());

    append(end_of(to, pc), from, size_max, pc);
    return to;
}

/* From code that was compiled with _FORTIFY_SOURCE: it knows how much room there is. */

char *__strcpy_chk(char *to, const char *from, size_t room)
{
    uint32_t pc = enter(HDE_CALLER());

    hde_libc_call_expect_room(hde_raw_strlen(from) + 1, room, pc);
    (void)copy(to, from, pc);
    return to;
}

char *__stpcpy_chk(char *to, const char *from, size_t room)
{
    uint32_t pc = enter(HDE_CALLER());

    hde_libc_call_expect_room(hde_raw_strlen(from) + 1, room, pc);
    return copy(to, from, pc);
}

char *__strncpy_chk(char *to, const char *from, size_t size, size_t room)
{
    uint32_t pc = enter(HDE_CALLER());

    hde_libc_call_expect_room(size, room, pc);
    return fill(to, from, size, pc);
}

char *__strcat_chk(char *to, const char *from, size_t room)
{
    uint32_t pc = enter(HDE_CALLER());
    char *end = end_of(to, pc);

    hde_libc_call_expect_room((size_t)(end - to) + hde_raw_strlen(from) + 1, room, pc);
    (void)copy(end, from, pc);
    return to;
}

char *__strncat_chk(char *to, const char *from, size_t size_max, size_t room)
{
    uint32_t pc = enter(HDE_CALLER());
    char *end = end_of(to, pc);

    hde_libc_call_expect_room((size_t)(end - to) + hde_raw_strnlen(from, size_max) + 1, room, pc);
    append(end, from, size_max, pc);
    return to;
}
