/*
 * Fatal errors: what only a mistake inside Heddle, or a machine without memory, can cause.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_FATAL_H
#define HEDDLE_ENGINE_FATAL_H

#include <stdnoreturn.h>

/* Print "heddle: <what>" and stop the process, in every build. Calls nothing that is hooked. */
noreturn void hde_fatal(const char *what);

/* The same, followed by the text of errno. */
noreturn void hde_fatal_errno(const char *what);

#endif
