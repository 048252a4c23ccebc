/*
 * Unmodelled: programs that call what the engine knows nothing of.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_UNMODELLED_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_UNMODELLED_H

#include <stddef.h>

#include <heddle/check.h>

struct unmodelled_program {
    const char *call;     /* that is to be named; NULL: none is */
    enum hd_verdict kind; /* not HD_CLEAN: the execution ends there */
    void (*run)(void);
};

extern const struct unmodelled_program unmodelled_programs[];
extern const size_t unmodelled_programs_count;

/* Open and close what the programs read. */
void hd_unmodelled_open(void);
void hd_unmodelled_close(void);

#endif
