/*
 * Misuse: small programs of which it is known what they do that an interface forbids.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_MISUSE_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_MISUSE_H

#include <stdbool.h>

#include "engine/finding.h"

struct misuse_program {
    const char *name;
    enum hde_finding_class class; /* found in at least one execution in 20; NONE: in none */
    enum hde_finding_class also;  /* what other interleavings may show; NONE: nothing else */
    bool gets_stuck;              /* and then it is a deadlock */
    bool has_cause;               /* one more place, of `class': what was done before */
    void (*run)(void);            /* on thread 0 */
};

/* The last of each has no name. */
extern const struct misuse_program misuse_mutex_programs[];
extern const struct misuse_program misuse_rwlock_programs[];    /* and spin locks */
extern const struct misuse_program misuse_semaphore_programs[]; /* and barriers */

#endif
