/*
 * Fatal: what only a bug inside Heddle can cause, or a program that misuses an object in a way that
 * can be seen but not reported to the caller.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_FATAL_H
#define HEDDLE_PRIMITIVES_FATAL_H

/* Say what failed, and with which errno value, and stop the process; in every build. */
_Noreturn void hd_fatal(const char *what, int error);

#endif
