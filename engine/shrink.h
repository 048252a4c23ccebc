/*
 * Shrink: the simplest schedule that still shows the same finding.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SHRINK_H
#define HEDDLE_ENGINE_SHRINK_H

#include "engine/execution.h"

struct hde_shrunk {
    unsigned preemptions; /* context switches away from a thread that could have gone on */
    unsigned switches;
    unsigned replays; /* that it took */
};

/*
 * Shrink *schedule in place, keeping the finding (hde_finding_is_same()), in at most `replays_max`
 * replays. Requires that the schedule shows it.
 */
struct hde_shrunk hde_shrink(const struct hde_program *program,
                             const struct hde_settings *settings,
                             const struct hde_finding *finding,
                             struct hde_schedule *schedule,
                             unsigned replays_max);

#endif
