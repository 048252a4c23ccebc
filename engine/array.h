/*
 * Array: memory of the engine's own that grows by doubling.
 *
 * It comes from the system and not from malloc(): it grows while an execution runs, where malloc()
 * is that of the code under test.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ARRAY_H
#define HEDDLE_ENGINE_ARRAY_H

#include <stddef.h>

/*
 * Make room for `count` items of `item_size` bytes (at most 4096) at `items`, which has room for
 * *capacity of them; NULL and 0 at first. Returns where they are now; what was there is kept, and
 * what is new is zero. *capacity becomes how many there is room for.
 */
void *hde_array_grow(void *items, size_t *capacity, size_t count, size_t item_size);

void hde_array_release(void *items, size_t capacity, size_t item_size);

#endif
