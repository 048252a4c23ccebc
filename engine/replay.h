/*
 * Replay: run a program once with a given schedule.
 *
 * Replays see every plain access as a choice, so that a schedule means the same whatever was
 * visible when it was recorded.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPLAY_H
#define HEDDLE_ENGINE_REPLAY_H

#include <stdbool.h>

#include "engine/execution.h"
#include "engine/trace.h"

/* The first entry that could not be followed. */
struct hde_divergence {
    bool has_diverged;
    size_t entry;            /* index in the schedule */
    struct hde_entry wanted; /* as recorded */
    struct hde_event
        found; /* what the thread was about to do instead; kind NONE: it was never there */
    uint32_t found_event; /* and its event number */
};

/*
 * Strict: a schedule that cannot be followed is reported in *divergence, and the normal choices are
 * made from there on. With divergence NULL an entry that cannot be followed is passed over.
 * `trace` may be NULL. The result is in hde_execution.
 */
void hde_replay(const struct hde_program *program,
                const struct hde_settings *settings,
                const struct hde_schedule *schedule,
                struct hde_divergence *divergence,
                struct hde_trace *trace);

#endif
