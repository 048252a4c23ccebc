/*
 * Hooks for functions that search strings and memory, and for the rarer ones that copy: strstr,
 * strspn, strcasecmp, memmem, memccpy ...
 *
 * As string.c, whose functions are the common ones: what they read is announced, as far as they go.
 * libc is asked first, so that is known.
 *
 * Not hooked, so what they touch is not seen: those for wide characters, and those whose result
 * depends on the locale (strcoll, strxfrm).
 *
 * Modelled   memccpy memmem memrchr rawmemchr stpncpy strcasecmp strcasestr strchrnul strcspn
 *            strncasecmp strpbrk strspn strstr
 *
 * Source: string(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"

static void will_read(const void *memory, size_t size, uint32_t pc)
{
    hde_access((uint64_t)memory, size, false, pc);
    hde_libc_call_begins(pc);
}

static void will_write(const void *memory, size_t size, uint32_t pc)
{
    hde_access((uint64_t)memory, size, true, pc);
    hde_libc_call_begins(pc);
}

/* A whole string, with its end. */
static void will_read_string(const char *string, uint32_t pc)
{
    hde_libc_call_begins(pc);
    will_read(string, strlen(string) + 1, pc);
}

/* ---- Searches -------------------------------------------------------------------------------- */

char *strstr(const char *string, const char *wanted)
{
    if (hde_self != NULL) {
        will_read_string(string, HDE_CALLER());
        will_read_string(wanted, HDE_CALLER());
    }
    return HDE_REAL(strstr)(string, wanted);
}

char *strcasestr(const char *string, const char *wanted)
{
    if (hde_self != NULL) {
        will_read_string(string, HDE_CALLER());
        will_read_string(wanted, HDE_CALLER());
    }
    return HDE_REAL(strcasestr)(string, wanted);
}

size_t strspn(const char *string, const char *accepted)
{
    if (hde_self != NULL) {
        will_read_string(accepted, HDE_CALLER());
        will_read(string, HDE_REAL(strspn)(string, accepted) + 1, HDE_CALLER());
    }
    return HDE_REAL(strspn)(string, accepted);
}

size_t strcspn(const char *string, const char *rejected)
{
    if (hde_self != NULL) {
        will_read_string(rejected, HDE_CALLER());
        will_read(string, HDE_REAL(strcspn)(string, rejected) + 1, HDE_CALLER());
    }
    return HDE_REAL(strcspn)(string, rejected);
}

char *strpbrk(const char *string, const char *wanted)
{
    if (hde_self != NULL) {
        will_read_string(wanted, HDE_CALLER());
        will_read(string, HDE_REAL(strcspn)(string, wanted) + 1, HDE_CALLER());
    }
    return HDE_REAL(strpbrk)(string, wanted);
}

char *strchrnul(const char *string, int character)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        const char *found = HDE_REAL(strchrnul)(string, character);

        will_read(string, (size_t)(found - string) + 1, HDE_CALLER());
    }
    return HDE_REAL(strchrnul)(string, character);
}

void *rawmemchr(const void *memory, int byte)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        const char *found = HDE_REAL(rawmemchr)(memory, byte);

        will_read(memory, (size_t)(found - (const char *)memory) + 1, HDE_CALLER());
    }
    return HDE_REAL(rawmemchr)(memory, byte);
}

void *memrchr(const void *memory, int byte, size_t size)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        const char *found = HDE_REAL(memrchr)(memory, byte, size);
        const char *first = found == NULL ? memory : found;

        will_read(first, (size_t)((const char *)memory + size - first), HDE_CALLER());
    }
    return HDE_REAL(memrchr)(memory, byte, size);
}

void *memmem(const void *memory, size_t size, const void *wanted, size_t wanted_size)
{
    if (hde_self != NULL) {
        will_read(memory, size, HDE_CALLER());
        will_read(wanted, wanted_size, HDE_CALLER());
    }
    return HDE_REAL(memmem)(memory, size, wanted, wanted_size);
}

/* ---- Comparisons ----------------------------------------------------------------------------- */

/* As far as they are equal, and one character more. */
static void will_compare(const char *a, const char *b, size_t size_max, uint32_t pc)
{
    size_t size = 0;

    hde_libc_call_begins(pc);
    while (size < size_max && a[size] != '\0' &&
           HDE_REAL(strncasecmp)(a + size, b + size, 1) == 0) {
        size++;
    }
    size += size < size_max;
    will_read(a, size, pc);
    will_read(b, size, pc);
}

int strcasecmp(const char *a, const char *b)
{
    if (hde_self != NULL) {
        will_compare(a, b, SIZE_MAX, HDE_CALLER());
    }
    return HDE_REAL(strcasecmp)(a, b);
}

int strncasecmp(const char *a, const char *b, size_t size_max)
{
    if (hde_self != NULL) {
        will_compare(a, b, size_max, HDE_CALLER());
    }
    return HDE_REAL(strncasecmp)(a, b, size_max);
}

/* ---- Copies ---------------------------------------------------------------------------------- */

/* Up to and with the first `byte'. */
void *memccpy(void *restrict to, const void *restrict from, int byte, size_t size)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        const char *found = memchr(from, byte, size);
        size_t copied = found == NULL ? size : (size_t)(found - (const char *)from) + 1;

        will_read(from, copied, HDE_CALLER());
        will_write(to, copied, HDE_CALLER());
        size = copied;
    }
    return HDE_REAL(memccpy)(to, from, byte, size);
}

char *stpncpy(char *restrict to, const char *restrict from, size_t size)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        size_t length = strnlen(from, size);

        will_read(from, length < size ? length + 1 : length, HDE_CALLER());
        will_write(to, size, HDE_CALLER());
    }
    return HDE_REAL(stpncpy)(to, from, size);
}
