/*
 * Nesting: its words are those of inversions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/nesting.h"

#include <string.h>

void hde_nesting_take(struct hde_nesting *nesting, const struct hde_lock_edge *edge)
{
    struct hde_inversion_line line;

    /* All bytes, for workers send it whole. */
    memset(nesting, 0, sizeof(*nesting));
    nesting->held = edge->held.address;
    nesting->wanted = edge->wanted.address;
    nesting->thread = edge->wanted_at.thread;
    hde_inversion_take_line(&line, &edge->held_at);
    (void)snprintf(nesting->held_at, sizeof(nesting->held_at), "%s", line.place);
    hde_inversion_take_line(&line, &edge->wanted_at);
    (void)snprintf(nesting->wanted_at, sizeof(nesting->wanted_at), "%s", line.place);
}
