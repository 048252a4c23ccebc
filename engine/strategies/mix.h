/*
 * Mix: who its members are, and who makes which execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_STRATEGIES_MIX_H
#define HEDDLE_ENGINE_STRATEGIES_MIX_H

#include "engine/strategy.h"

#define HDE_MIX_MEMBERS 7U

/* What a share of the executions shows, at least one in so many of that will show later. */
#define HDE_MIX_DRIFT 4.0

struct hde_mix_member {
    const struct hde_strategy *strategy;
    uint32_t share;         /* of the executions, in percent, while nobody finds anything new */
    bool learns_by_looking; /* its begin, observe and end need no choose between them */
};

extern const struct hde_mix_member hde_mix_members[HDE_MIX_MEMBERS];
extern const struct hde_strategy hde_strategy_mix;

/* Index of the member that makes the execution that runs, or has made the last one. */
unsigned hde_mix_owner(const void *state);

#endif
