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
    unsigned expired = 0;
    unsigned nested = 0;
    unsigned created = 0;
    unsigned joined = 0;
    unsigned round = 0;
    unsigned ended = 0;

    for (unsigned i = 0; hde_detectors[i] != NULL; i++) {
        const struct hde_detector *detector = hde_detectors[i];

        if (i + 1 == HDE_DETECTORS_MAX) {
            hde_fatal("too many detectors: raise HDE_DETECTORS_MAX");
        }
        hde_watchers.access[accesses] = detector->access;
        accesses += detector->access != NULL;
        hde_watchers.blocked[blocked] = detector->blocked;
        blocked += detector->blocked != NULL;
        hde_watchers.expired[expired] = detector->expired;
        expired += detector->expired != NULL;
        hde_watchers.nested[nested] = detector->nested;
        nested += detector->nested != NULL;
        hde_watchers.created[created] = detector->created;
        created += detector->created != NULL;
        hde_watchers.joined[joined] = detector->joined;
        joined += detector->joined != NULL;
        hde_watchers.round[round] = detector->round;
        round += detector->round != NULL;
        hde_watchers.ended[ended] = detector->ended;
        ended += detector->ended != NULL;
    }
    hde_watchers.only_access = accesses == 1 ? hde_watchers.access[0] : NULL;
}
