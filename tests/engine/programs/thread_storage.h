/*
 * Thread-local variables of instrumented code.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_STORAGE_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_STORAGE_H

/* Threads that expect their own variables to be as declared, and change them. */
extern void (*const thread_storage_functions[3])(void *unused);

/* Is told where each thread's variable lies; it is not instrumented. */
void hd_test_storage_note(unsigned thread, const void *variable);

/* The value of a variable that begins as 7, after it has been increased. */
int hd_test_storage_increase(void);

#endif
