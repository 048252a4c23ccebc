/*
 * Races: small programs of which it is known whether two of their accesses race.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_RACES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_RACES_H

#include <stdbool.h>

#define RACE_THREADS_MAX 8

struct race_program {
    const char *name;
    bool is_racy; /* in at least one execution in 20 of a random walk */
    void (*threads[RACE_THREADS_MAX])(void *unused);
};

/* The last has no name. */
extern const struct race_program race_programs[];

#endif
