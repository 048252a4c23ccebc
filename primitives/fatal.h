/*
 * Fatal: what only a bug inside Heddle, or memory overwritten by the program, can cause.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_FATAL_H
#define HEDDLE_PRIMITIVES_FATAL_H

/* Say what failed, and with which errno value, and stop the process; in every build. */
_Noreturn void hd_fatal(const char *what, int error);

#endif
