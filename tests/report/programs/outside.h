/*
 * A lock that other programs here use, in an object that is not instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REPORT_PROGRAMS_OUTSIDE_H
#define HEDDLE_TESTS_REPORT_PROGRAMS_OUTSIDE_H

void outside_acquire(void);
void outside_release(void);

#endif
