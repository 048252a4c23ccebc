/*
 * Progress: one line on a terminal that says how far an exploration is; nothing elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_PROGRESS_H
#define HEDDLE_ENGINE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/explore.h"

struct hde_progress {
    const char *program;
    uint64_t began_ns;       /* real time */
    uint64_t until_ns;       /* real time at which the budget ends; 0: no such end */
    uint64_t executions_max; /* UINT64_MAX: no such end */
    uint64_t shown_ns;
    bool is_shown; /* there is a line to take away */
};

/* Real time, in nanoseconds from some start. */
uint64_t hde_progress_now_ns(void);

/* Show how far it is, a few times a second. */
void hde_progress_show(struct hde_progress *progress,
                       const struct hde_tally *tally,
                       size_t findings);

/* Take the line away, before anything else is printed. */
void hde_progress_hide(struct hde_progress *progress);

#endif
