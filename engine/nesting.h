/*
 * Nesting: one lock was acquired while another was held, in the reader's own words: an edge of
 * lock_order.h.
 *
 * The places are text, so that a worker can send it to its parent, whose calling contexts are
 * others. The locks are addresses, which are the same in both, until somebody has a trace to name
 * them by.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_NESTING_H
#define HEDDLE_ENGINE_NESTING_H

#include <stdint.h>

#include "engine/inversion.h"
#include "engine/lock_order.h"

struct hde_nesting {
    uint64_t held;
    uint64_t wanted;
    uint32_t thread;
    char held_at[HDE_INVERSION_LINE_MAX]; /* "file:line" */
    char wanted_at[HDE_INVERSION_LINE_MAX];
};

/* Outside executions: it looks symbols up. */
void hde_nesting_take(struct hde_nesting *nesting, const struct hde_lock_edge *edge);

#endif
