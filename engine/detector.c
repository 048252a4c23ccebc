/*
 * Detectors: who watches what.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/detector.h"

#include <stddef.h>

#include "engine/fatal.h"

struct hde_watchers hde_watchers;

void hde_detectors_start(void)
{
    unsigned accesses = 0;
    unsigned blocked = 0;

    for (unsigned i = 0; hde_detectors[i] != NULL; i++) {
        if (i + 1 == HDE_DETECTORS_MAX) {
            hde_fatal("too many detectors: raise HDE_DETECTORS_MAX");
        }
        if (hde_detectors[i]->access != NULL) {
            hde_watchers.access[accesses++] = hde_detectors[i]->access;
        }
        if (hde_detectors[i]->blocked != NULL) {
            hde_watchers.blocked[blocked++] = hde_detectors[i]->blocked;
        }
    }
    hde_watchers.only_access = accesses == 1 ? hde_watchers.access[0] : NULL;
}
