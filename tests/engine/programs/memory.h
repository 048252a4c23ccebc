/*
 * Memory functions: programs whose threads touch memory through libc. Each also expects that
 * globals begin with the same values in each execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_MEMORY_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_MEMORY_H

#include <stdbool.h>

struct memory_program {
    const char *name;
    bool is_racy;
    void (*threads[2])(void *unused);
};

/* The last has no name. */
extern const struct memory_program memory_programs[];

/* Copies more than there is room for, and says how much there is. */
extern const struct memory_program memory_overflow;

#endif
