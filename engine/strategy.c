/*
 * Strategies by name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/strategy.h"

#include <string.h>

const struct hde_strategy *hde_strategy_named(const char *name)
{
    for (const struct hde_strategy *const *strategy = hde_strategies; *strategy != NULL;
         strategy++) {
        if (strcmp((*strategy)->name, name) == 0) {
            return *strategy;
        }
    }
    return NULL;
}
