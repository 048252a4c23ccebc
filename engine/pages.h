/*
 * Pages: memory of the engine's own, reserved at once and taken from the system as it is touched.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_PAGES_H
#define HEDDLE_ENGINE_PAGES_H

#include <stddef.h>

/* `size` bytes of zeros; `what` names them should there be no address space left. Never freed. */
void *hde_pages_reserve(size_t size, const char *what);

#endif
