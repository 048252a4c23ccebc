/*
 * Misuses of threads, keys and condition variables, and programs that look like them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_MISUSES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_MISUSES_H

#include <stdbool.h>

#include "engine/finding.h"

struct thread_misuse {
    const char *name;
    enum hde_finding_class class; /* HDE_CLASS_NONE: it only looks like one */
    bool has_cause;               /* it is said what was done before */
    void (*run)(void);
};

/* The last has no name. */
extern const struct thread_misuse thread_misuses[];

#endif
