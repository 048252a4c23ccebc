/*
 * Deadlocks: small programs of which it is known whether and how they can wait for ever.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_DEADLOCKS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_DEADLOCKS_H

#include <stdbool.h>

#include "engine/finding.h"

#define DEADLOCK_THREADS_MAX 4

struct deadlock_program {
    const char *name;
    enum hde_finding_class class; /* NONE: it cannot. Seen in at least one execution in 20 */
    unsigned waits;               /* places that wait */
    bool has_cause;               /* one more place: the acquire, or the notify */
    bool goes_on;                 /* a thread that has no part in it never ends */
    void (*threads[DEADLOCK_THREADS_MAX])(void *unused);
};

/* The last of each has no name. */
extern const struct deadlock_program deadlock_programs[];           /* of pthreads */
extern const struct deadlock_program deadlock_lock_programs[];      /* rwlocks, semaphores ... */
extern const struct deadlock_program deadlock_join_programs[];      /* that create threads */
extern const struct deadlock_program deadlock_primitive_programs[]; /* of our primitives */

#endif
