/*
 * Hooks for strtok(), strtok_r() and strsep(): strings that are cut in pieces where they lie.
 *
 * They write to the string, and remember where they are: strtok() in a place that all threads
 * share, for which it is known. That place is the engine's own here, and touched by plain
 * accesses of the caller, so that two threads that use it at once race.
 *
 * Modelled   __strtok_r strsep strtok strtok_r
 *
 * Source: strtok(3): "The strtok() function uses a static buffer while parsing, so it's not thread
 *         safe."
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"

/* It has another name in C than for the linker: nobody is to call it here. */
char *hook_strtok(char *restrict string, const char *restrict separators) __asm__("strtok");

/* Where strtok() is. A write of it is announced: so it is undone after the execution. */
static char *own_rest;

/* Whether a character is among `separators'; its end is among none. */
static bool is_among(char character, const char *separators)
{
    while (*separators != '\0' && *separators != character) {
        separators++;
    }
    return *separators != '\0';
}

static size_t length_of(const char *string, const char *separators, bool are_in_it)
{
    size_t length = 0;

    while (string[length] != '\0' && is_among(string[length], separators) == are_in_it) {
        length++;
    }
    return length;
}

static void will_read_separators(const char *separators, uint32_t pc)
{
    hde_libc_call_begins(pc);
    hde_access((uint64_t)separators, strlen(separators) + 1, false, pc);
}

/* Cut the string behind its next token, and go behind that; NULL if there is none. */
static char *cut(char *string, const char *separators, char **rest, uint32_t pc)
{
    will_read_separators(separators, pc);

    size_t skipped = length_of(string, separators, true);
    size_t length = length_of(string + skipped, separators, false);
    char *token = string + skipped;

    hde_access((uint64_t)string, skipped + length + 1, false, pc);
    *rest = token + length;
    if (length == 0) {
        return NULL;
    }
    if (token[length] != '\0') {
        hde_access((uint64_t)(token + length), 1, true, pc);
        token[length] = '\0';
        *rest = token + length + 1;
    }
    return token;
}

static char *tokenize_r(char *string, const char *separators, char **rest, uint32_t pc)
{
    char *next = NULL;

    if (string == NULL) {
        hde_access((uint64_t)rest, sizeof(*rest), false, pc);
        string = *rest;
    }
    char *token = cut(string, separators, &next, pc);

    hde_access((uint64_t)rest, sizeof(*rest), true, pc);
    *rest = next;
    return token;
}

char *strtok_r(char *restrict string, const char *restrict separators, char **restrict rest)
{
    return hde_self == NULL ? HDE_REAL(strtok_r)(string, separators, rest)
                            : tokenize_r(string, separators, rest, HDE_CALLER());
}

char *__strtok_r(char *restrict string, const char *restrict separators, char **restrict rest)
{
    return hde_self == NULL ? HDE_REAL(strtok_r)(string, separators, rest)
                            : tokenize_r(string, separators, rest, HDE_CALLER());
}

char *hook_strtok(char *restrict string, const char *restrict separators)
{
    if (hde_self == NULL) {
        return HDE_REAL(strtok)(string, separators);
    }
    if (string == NULL && own_rest == NULL) {
        hde_access((uint64_t)&own_rest, sizeof(own_rest), false, HDE_CALLER());
        return NULL;
    }
    return tokenize_r(string, separators, &own_rest, HDE_CALLER());
}

char *strsep(char **restrict string, const char *restrict separators)
{
    if (hde_self == NULL) {
        return HDE_REAL(strsep)(string, separators);
    }
    uint32_t pc = HDE_CALLER();

    hde_access((uint64_t)string, sizeof(*string), false, pc);
    char *token = *string;

    if (token == NULL) {
        return NULL;
    }
    will_read_separators(separators, pc);
    size_t length = length_of(token, separators, false);
    bool is_last = token[length] == '\0';

    hde_access((uint64_t)token, length + 1, !is_last, pc);
    hde_access((uint64_t)string, sizeof(*string), true, pc);
    if (!is_last) {
        token[length] = '\0';
    }
    *string = is_last ? NULL : token + length + 1;
    return token;
}
