/*
 * Outside: not instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_COMMAND_PROGRAMS_OUTSIDE_H
#define HEDDLE_TESTS_COMMAND_PROGRAMS_OUTSIDE_H

/* How often it was called in this process, in all executions. */
unsigned hd_outside_count(void);

#endif
