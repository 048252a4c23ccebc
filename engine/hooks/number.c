/*
 * Hooks for strtol() and its relatives: numbers read from strings.
 *
 * What is read ends one character behind the number, which libc is asked for first; where it ends
 * is written for the caller.
 *
 * Modelled   atof atoi atol strtod strtof strtoimax strtol strtold strtoll strtoul strtoull
 *            strtoumax
 *
 * Source: strtol(3), strtod(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"

/* Headers define these inline, by those above, where the compiler optimizes. */
int hook_atoi(const char *string) __asm__("atoi");
long hook_atol(const char *string) __asm__("atol");
double hook_atof(const char *string) __asm__("atof");

/* The number of `string' has been read up to `found', for nobody else to see. */
static void will_parse(const char *string, const char *found, char **end, uint32_t pc)
{
    hde_access((uint64_t)string, (uint64_t)(found - string) + 1, false, pc);
    if (end != NULL) {
        hde_access((uint64_t)end, sizeof(*end), true, pc);
    }
    hde_libc_call_begins(pc);
}

/* The syntax of an integer is the same for all types. */
static void will_parse_integer(const char *string, char **end, int base, uint32_t pc)
{
    char *found = NULL;
    int saved_errno = errno;

    hde_libc_call_begins(pc);
    (void)HDE_REAL(strtol)(string, &found, base);
    errno = saved_errno;
    /* It is NULL if there is no such base. */
    will_parse(string, found == NULL ? string : found, end, pc);
}

long strtol(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtol)(string, end, base);
}

unsigned long strtoul(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtoul)(string, end, base);
}

long long strtoll(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtoll)(string, end, base);
}

unsigned long long strtoull(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtoull)(string, end, base);
}

intmax_t strtoimax(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtoimax)(string, end, base);
}

uintmax_t strtoumax(const char *restrict string, char **restrict end, int base)
{
    if (hde_self != NULL) {
        will_parse_integer(string, end, base, HDE_CALLER());
    }
    return HDE_REAL(strtoumax)(string, end, base);
}

/* A double's syntax is that of all three. */
static void will_parse_real(const char *string, char **end, uint32_t pc)
{
    char *found = NULL;
    int saved_errno = errno;

    hde_libc_call_begins(pc);
    (void)HDE_REAL(strtod)(string, &found);
    errno = saved_errno;
    will_parse(string, found, end, pc);
}

double strtod(const char *restrict string, char **restrict end)
{
    if (hde_self != NULL) {
        will_parse_real(string, end, HDE_CALLER());
    }
    return HDE_REAL(strtod)(string, end);
}

float strtof(const char *restrict string, char **restrict end)
{
    if (hde_self != NULL) {
        will_parse_real(string, end, HDE_CALLER());
    }
    return HDE_REAL(strtof)(string, end);
}

long double strtold(const char *restrict string, char **restrict end)
{
    if (hde_self != NULL) {
        will_parse_real(string, end, HDE_CALLER());
    }
    return HDE_REAL(strtold)(string, end);
}

int hook_atoi(const char *string)
{
    if (hde_self != NULL) {
        will_parse_integer(string, NULL, 10, HDE_CALLER());
    }
    return (int)HDE_REAL(strtol)(string, NULL, 10);
}

long hook_atol(const char *string)
{
    if (hde_self != NULL) {
        will_parse_integer(string, NULL, 10, HDE_CALLER());
    }
    return HDE_REAL(strtol)(string, NULL, 10);
}

double hook_atof(const char *string)
{
    if (hde_self != NULL) {
        will_parse_real(string, NULL, HDE_CALLER());
    }
    return HDE_REAL(strtod)(string, NULL);
}
