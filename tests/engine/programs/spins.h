/*
 * Spins: programs that wait by looking again and again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_SPINS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_SPINS_H

#include <heddle/check.h>

#define SPIN_THREADS_MAX 4

struct spin_program {
    const char *name;
    enum hd_verdict
        owes; /* HD_CLEAN: each execution ends by itself; else: some have this finding */
    void (*threads[SPIN_THREADS_MAX])(void *unused);
};

/* The last has no name. */
extern const struct spin_program spin_programs[];

/* Looks at a flag that nobody sets, 10,000 times, as it adds up numbers. */
extern const struct spin_program spin_sum;

/* One looks three times and then says that it is done; the other asks for that under a mutex. */
extern const struct spin_program spin_starved;

/* One looks for a while and then sleeps, without a last look; the other wakes it if it sleeps. */
extern const struct spin_program spin_parking;

/* The same with a last look. */
extern const struct spin_program spin_parking_fixed;

#endif
