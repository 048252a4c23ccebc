/*
 * Real functions, by dlsym().
 *
 * Several OS threads may look for one at the same time while no execution runs: all find the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/real.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "engine/fatal.h"

hde_function hde_real_find(hde_function *found, const char *name)
{
    /* Relaxed: what it points to was there before the process began. */
    hde_function function = __atomic_load_n(found, __ATOMIC_RELAXED);

    if (function == NULL) {
        /* dlsym() returns a function as a pointer to data, which C cannot convert. */
        void *symbol = dlsym(RTLD_NEXT, name);

        if (symbol == NULL) {
            hde_fatal(name);
        }
        (void)memcpy((void *)&function, (const void *)&symbol, sizeof(function));
        __atomic_store_n(found, function, __ATOMIC_RELAXED);
    }
    return function;
}
