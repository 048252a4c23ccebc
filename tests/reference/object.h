/*
 * Object: memory for the implementations that the adapters wrap.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_OBJECT_H
#define HEDDLE_TESTS_REFERENCE_OBJECT_H

#include <stddef.h>

/*
 * `count` times `size` bytes, zeroed, in cache lines of their own: CK's pairs and barriers need the
 * alignment. Give it back with free(). Ends the process where there is no memory.
 */
void *hd_object_new(size_t count, size_t size);

#endif
