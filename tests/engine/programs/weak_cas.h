/*
 * Programs with compare-and-exchange in each of its forms, alone on one thread: what fails, fails
 * for no reason.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_WEAK_CAS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_WEAK_CAS_H

#include <stdbool.h>

struct weak_cas_program {
    const char *name; /* NULL ends the list */
    bool is_weak;     /* may fail */
    void (*run)(void *unused);
};

extern const struct weak_cas_program weak_cas_programs[];

/* Tries again until it succeeds: never wrong. */
void hd_weak_cas_retried(void *unused);

#endif
