/*
 * Faults: programs that fail only if the system does what it may do at any time: end a wait that
 * nobody ended, interrupt a sleep.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_FAULTS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_FAULTS_H

#include "engine/choice.h"

struct fault_program {
    const char *name;
    enum hde_choice_kind kind; /* without which it never fails */
    void (*run)(void);
};

/* The last has no name. */
extern const struct fault_program fault_programs[];

/* Waits six times, and fails if the third wait ends spuriously, whatever the others do. */
void hd_fault_third_of_six(void);

/* Waits six times; how many of the waits ended spuriously. */
void hd_fault_count(unsigned *spurious);

/* A waiter that ended spuriously is not among the waiters: fails if a signal is lost on it. */
void hd_fault_signal_goes_on(void);

/* A sleeper that is sent to another word times out there: it is at neither afterwards. */
void hd_fault_times_out_elsewhere(void);

#endif
