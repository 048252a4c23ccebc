/*
 * Livenesses: small programs of which it is known whether they can go on for ever and get nowhere,
 * or wait until a deadline for what has been.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_LIVENESSES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_LIVENESSES_H

#include <heddle/check.h>

#define LIVENESS_THREADS_MAX 4

struct liveness_program {
    const char *name;
    enum hd_verdict owes; /* seen in at least one execution in 100 */
    void (*threads[LIVENESS_THREADS_MAX])(void *unused);
};

/* The last one has no name. */
extern const struct liveness_program liveness_programs[];

#endif
