/*
 * Sanitizer: the runtime of a compiler's sanitizer that watches the same executions beside the
 * engine's own detectors. Which one is a matter of how the program was built: sanitizers/.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SANITIZER_H
#define HEDDLE_ENGINE_SANITIZER_H

#include <stddef.h>

/* "ThreadSanitizer" ...; NULL if there is none. */
extern const char *const hde_sanitizer_name;

#endif
