/*
 * The end of the process: programs that exit, fail and crash.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_PROCESS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

struct process_program {
    const char *function; /* that it happens in */
    void (*run)(void *unused);
    enum hd_verdict owes; /* HD_CLEAN: it exits well */
    int status;           /* of the exit, or of the process, were it run outside an execution */
    const char *text;     /* of the finding begins so */
    uint64_t address;     /* of a crash; 0: any */
    bool exits;           /* outside an execution; others are killed by a signal */
};

/* Each runs on thread 2. The last has no function. */
extern const struct process_program process_programs[];

/* Runs as thread 1, and goes on for some steps. */
void hd_test_process_other(void *unused);

/* Draws a number below 5 and tells hd_test_process_note(), which is not instrumented. */
void hd_test_process_choose(void *unused);
void hd_test_process_note(unsigned number);

#endif
