/*
 * Builtins: every access and atomic that compilers instrument.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_BUILTINS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_BUILTINS_H

/* Use them all; how many gave a wrong result. */
unsigned hd_builtins_wrong(void);

#endif
