/*
 * libc: programs that hand memory to functions of libc, and what each owes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_LIBC_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_LIBC_H

#include <stddef.h>

#include <heddle/check.h>

#define LIBC_TEXT_MAX 512

/* Writes what libc's functions answer; the same natively, in each execution, and in any order. */
struct libc_answer {
    const char *name;
    void (*answer)(char text[LIBC_TEXT_MAX]);
};

/* A function that touches libc_memory; beside a plain write of it, it owes a data race. */
struct libc_touch {
    const char *name;
    void (*touch)(void);
};

/* The last of each has no name. */
extern const struct libc_answer libc_answers[];
extern const struct libc_touch libc_touches[];

/* What one thread does to libc_memory in all of `libc_touches'. */
void hd_libc_write(void *unused);

extern char libc_memory[256];

/* Cut one string each with strtok(), at once: a data race on what it remembers. */
void hd_libc_tokenize(void *unused);

/* Goes on with the string of before, of which there is none in this execution. */
void hd_libc_tokenize_nothing(void *unused);

/* Sorts, with a comparison that steps. */
void hd_libc_sort(void *unused);

/* Frees what libc allocates for its callers, of which each execution has the same addresses. */
void hd_libc_allocate(void *unused);

#endif
